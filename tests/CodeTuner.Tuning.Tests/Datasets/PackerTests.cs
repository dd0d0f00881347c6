using CodeTuner.Models;
using CodeTuner.Tuning.Datasets;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Tuning.Tests.Datasets;

public class PackerTests
{
    private const int Length = 64, Pad = 0;

    [Fact]
    public void Every_counted_token_is_a_label_once_and_no_sample_sees_another() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            RandomSequence random = new((ulong)seed);
            List<TrainingSample> samples = [];
            int next = 1;
            for (int i = random.NextInt(20); i >= 0; i--)
            {
                int size = 2 + random.NextInt(Length - 1);
                int[] ids = [.. Enumerable.Range(0, size).Select(_ => next++)]; // every token is unique
                samples.Add(new TrainingSample(ids, 1 + random.NextInt(size - 1)));
            }

            List<PackedRow> rows = Packer.Pack(samples, Length, Pad);
            int[] wanted = [.. samples.SelectMany(s => s.Ids.Skip(s.FirstCounted)).Order()];
            int[] labels = [.. rows.SelectMany(r => r.Labels).Where(l => l != PackedRow.IgnoreIndex).Order()];
            return wanted.SequenceEqual(labels) && rows.TrueForAll(IsSound);
        }));

    [Fact]
    public void A_sample_longer_than_a_row_is_cut()
    {
        PackedRow row = Assert.Single(Packer.Pack([new TrainingSample([.. Enumerable.Range(1, 100)], 1)], Length, Pad));
        Assert.Equal(Length - 1, row.Counted);
        Assert.Equal(PackedRow.IgnoreIndex, row.Labels[^1]);
    }

    [Fact]
    public void Rows_survive_their_file()
    {
        using CodeTuner.Tests.TemporaryFolder folder = new();
        List<PackedRow> rows = Packer.Pack([new TrainingSample([5, 6, 7, 8], 2), new TrainingSample([9, 10, 11], 1)], 16, Pad);
        string path = Path.Combine(folder.Path, "rows.bin");
        RowFile.Save(path, rows);
        PackedRow read = Assert.Single(RowFile.Load(path));
        Assert.Equal(rows[0].Ids, read.Ids);
        Assert.Equal(rows[0].Labels, read.Labels);
        Assert.Equal(rows[0].FirstKeys, read.FirstKeys);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        Assert.Contains(path, Assert.Throws<TuningException>(() => RowFile.Load(path)).Message, StringComparison.Ordinal);
    }

    private static bool IsSound(PackedRow row)
    {
        for (int i = 0; i < row.Ids.Length; i++)
        {
            if (row.FirstKeys[i] > i)
                return false;
            if (row.Labels[i] != PackedRow.IgnoreIndex && (row.Labels[i] != row.Ids[i + 1] || row.FirstKeys[i] != row.FirstKeys[i + 1]))
                return false;
        }

        return true;
    }
}
