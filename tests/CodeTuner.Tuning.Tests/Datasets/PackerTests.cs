using CodeTuner.Tuning.Datasets;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Tuning.Tests.Datasets;

public class PackerTests
{
    private const int Pad = -1;

    [Fact]
    public void PacksAsShown()
    {
        List<PackedRow> rows = Packer.Pack([new([1, 2, 3], 1), new([4, 5, 6, 7], 2), new([8, 9], 1)], 8, Pad);
        PackedRow row = rows[0];
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, Pad], row.Ids);
        Assert.Equal([2, 3, -100, -100, 6, 7, -100, -100], row.Labels);
        Assert.Equal([0, 0, 0, 3, 3, 3, 3, 7], row.FirstKeys);
        Assert.Equal([0, 1, 2, 0, 1, 2, 3, 0], row.Positions);
        Assert.Equal(4, row.Counted);
        Assert.Equal([8, 9, Pad, Pad, Pad, Pad, Pad, Pad], Assert.Single(rows.Skip(1)).Ids);
    }

    [Fact]
    public void LongSamplesAreCutAndThoseWithoutTargetsDropped()
    {
        List<PackedRow> rows = Packer.Pack([new([1, 2, 3, 4, 5, 6], 3), new([1, 2, 3, 4, 5, 6], 4), new([7], 1), new([], 1)], 4, Pad);
        Assert.Equal([-100, -100, 4, -100], Assert.Single(rows).Labels);
    }

    [Fact]
    public void FullestRowThatFitsIsTaken()
    {
        List<PackedRow> rows = Packer.Pack([Of(5), Of(7), Of(3), Of(1, first: 0), Of(3)], 10, Pad);
        Assert.Equal(2, rows.Count);
        Assert.Equal([0, 7], rows[1].FirstKeys.Distinct());
        Assert.Equal([0, 5, 8], rows[0].FirstKeys.Distinct());
    }

    /// <summary>Every counted target stands in exactly one place, predicted from its own sample's tokens alone.</summary>
    [Fact]
    public void EveryTargetIsThereOnce()
    {
        Gen<int> sizes = Gen.Choose(0, 40);
        Gen<(int Size, int First)> sample = sizes.SelectMany(s => Gen.Choose(1, 20).Select(f => (s, f)));
        Gen<((int Size, int First)[] Samples, int Length)> cases = Gen.ArrayOf(sample).SelectMany(s => Gen.Choose(2, 32).Select(n => (s, n)));
        Check.QuickThrowOnFailure(Prop.ForAll(cases.ToArbitrary(), c =>
        {
            // Each token is unlike all others, so a place in a row says which sample's which token stands there.
            TrainingSample[] samples = [.. c.Samples.Select((s, i) => new TrainingSample([.. Enumerable.Range(i * 1000, s.Size)], s.First))];
            List<PackedRow> rows = Packer.Pack(samples, c.Length, Pad);
            List<int> counted = [];
            foreach (PackedRow row in rows)
            {
                Assert.Equal(c.Length, row.Ids.Length);
                for (int i = 0; i < c.Length; i++)
                {
                    Assert.InRange(row.FirstKeys[i], 0, i);
                    Assert.Equal(row.FirstKeys[row.FirstKeys[i]], row.FirstKeys[i]);
                    if (row.Ids[i] != Pad)
                    {
                        Assert.Equal(row.Positions[i], row.Ids[i] % 1000);
                        Assert.Equal(row.Ids[row.FirstKeys[i]] / 1000, row.Ids[i] / 1000);
                    }

                    if (row.Labels[i] == PackedRow.IgnoreIndex)
                        continue;
                    Assert.Equal(row.Ids[i + 1], row.Labels[i]);
                    Assert.Equal(row.FirstKeys[i], row.FirstKeys[i + 1]);
                    counted.Add(row.Labels[i]);
                }
            }

            Assert.Equal(samples.SelectMany(s => s.Ids.Take(c.Length).Skip(s.FirstCounted)).Order(), counted.Order());
        }));
    }

    private static TrainingSample Of(int size, int first = 1) => new([.. Enumerable.Range(1, size)], first);
}
