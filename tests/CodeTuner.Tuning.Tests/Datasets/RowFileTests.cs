using CodeTuner.Tests;
using CodeTuner.Tuning.Datasets;

namespace CodeTuner.Tuning.Tests.Datasets;

public class RowFileTests
{
    private static readonly List<PackedRow> Rows = Packer.Pack([new TrainingSample([5, 6, 7, 8], 2), new TrainingSample([9, 10, 11], 1)], 16, pad: 0);

    [Fact]
    public void RowsSurviveTheirFile()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "rows.bin");
        RowFile.Save(path, Rows);
        PackedRow read = Assert.Single(RowFile.Load(path));
        Assert.Equal(Rows[0].Ids, read.Ids);
        Assert.Equal(Rows[0].Labels, read.Labels);
        Assert.Equal(Rows[0].FirstKeys, read.FirstKeys);
    }

    [Fact]
    public void NoRowsSurviveToo()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "rows.bin");
        RowFile.Save(path, []);
        Assert.Empty(RowFile.Load(path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(-1)]
    public void DamagedFileIsNamed(int keep)
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "rows.bin");
        RowFile.Save(path, Rows);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(keep < 0 ? bytes.Length + keep : keep)]);
        Assert.Contains(path, Assert.Throws<TuningException>(() => RowFile.Load(path)).Message, StringComparison.Ordinal);
        Assert.Contains(path + "x", Assert.Throws<TuningException>(() => RowFile.Load(path + "x")).Message, StringComparison.Ordinal);
    }
}
