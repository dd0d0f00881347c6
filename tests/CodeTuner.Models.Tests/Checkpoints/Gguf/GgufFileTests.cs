using System.Text;
using CodeTuner.Models.Checkpoints.Gguf;
using CodeTuner.Tensors;
using CodeTuner.Tests;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Models.Tests.Checkpoints.Gguf;

public class GgufFileTests
{
    // One value of metadata after the alignment's, one tensor of 2 rows of 3 floats; written out by hand from ggml's description.
    private const string SmallFile =
        "47475546 03000000 0100000000000000 0200000000000000"
        + "1100000000000000 67656E6572616C2E616C69676E6D656E74 04000000 20000000" // general.alignment, uint32, 32
        + "0100000000000000 6B 08000000 0200000000000000 C3A9" // k, string, é
        + "0100000000000000 74 02000000 0300000000000000 0200000000000000 00000000 0000000000000000" // t, 2 dimensions: 3, 2; F32; at 0
        + "00000000000000" // up to a multiple of 32
        + "0000803F 00000040 00004040 00008040 0000A040 0000C040 0000000000000000";

    [Fact]
    public void Writes_the_bytes_that_the_format_prescribes()
    {
        GgufWriter writer = new();
        writer.Set("k", "é");
        writer.Add("t", DType.Float32, new Shape(2, 3), (row, bytes) =>
        {
            for (int i = 0; i < 3; i++)
                BitConverter.TryWriteBytes(bytes[(4 * i)..], (float)(1 + (3 * row) + i));
        });
        using MemoryStream stream = new();
        writer.Write(stream);
        Assert.Equal(SmallFile.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(stream.ToArray()));
    }

    [Fact]
    public void Reads_what_another_wrote()
    {
        using TemporaryFolder folder = new();
        using GgufFile file = new(Save(folder, SmallFile));
        Assert.Equal("é", file.Get<string>("k"));
        Assert.Equal([2L, 3], file.Tensors["t"].Shape);
        Assert.Equal([1f, 2, 3, 4, 5, 6], file.Floats("t"));
        Assert.Contains("lacks other", Assert.Throws<ModelFormatException>(() => file.Get<uint>("other")).Message, StringComparison.Ordinal);
        Assert.Contains("String", Assert.Throws<ModelFormatException>(() => file.Get<uint>("k")).Message, StringComparison.Ordinal);
        Assert.Contains("no tensor u", Assert.Throws<ModelFormatException>(() => file.Bytes("u").Length).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> Damaged => new()
    {
        { "47475546 03000000", "47475550 03000000", "does not begin with GGUF" },
        { "47475546 03000000", "47475546 01000000", "version 1" },
        { "47475546 03000000 01", "47475546 03000000 02", "dimensions" },
        { "0100000000000000 0200000000000000", "0100000000000000 FFFFFFFFFFFFFFFF", "Download or export" },
        { "1100000000000000 67", "FFFFFFFFFFFFFFFF 67", "a string claims" },
        { "04000000 20000000", "04000000 21000000", "general.alignment" },
        { "04000000 20000000", "05000000 20000000", "general.alignment" },
        { "04000000 20000000", "0D000000 20000000", "type 13" },
        { "04000000 20000000", "09000000 20000000", "type 32" },
        { "08000000 0200000000000000 C3A9", "09000000 00000000 FFFFFFFFFFFFFF7F", "an array claims" },
        { "02000000 0300000000000000", "05000000 0300000000000000", "5 dimensions" },
        { "02000000 0300000000000000", "00000000 0300000000000000", "0 dimensions" },
        { "0200000000000000 00000000 00", "0300000000000000 00000000 00", "32 are there" },
        { "0200000000000000 00000000 00", "FFFFFFFFFFFFFF7F 00000000 00", "larger than any file" },
        { "00000000 0000000000000000", "63000000 0000000000000000", "type 99" },
        { "00000000 0000000000000000", "08000000 0000000000000000", "whole blocks" },
        { "00000000 0000000000000000", "00000000 0400000000000000", "multiple of 32" },
        { "00000000 0000000000000000", "00000000 2000000000000000", "cut off" },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Refuses_a_head_that_lies(string right, string wrong, string says)
    {
        using TemporaryFolder folder = new();
        Assert.Contains(right, SmallFile, StringComparison.Ordinal);
        int at = SmallFile.IndexOf(right, StringComparison.Ordinal);
        string path = Save(folder, SmallFile[..at] + wrong + SmallFile[(at + right.Length)..]);
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => new GgufFile(path));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_file_cut_off_anywhere()
    {
        using TemporaryFolder folder = new();
        byte[] whole = Convert.FromHexString(SmallFile.Replace(" ", "", StringComparison.Ordinal));
        string path = Path.Combine(folder.Path, "cut.gguf");
        for (int length = 0; length < whole.Length - 8; length++) // the last 8 bytes are padding
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<ModelFormatException>(() => new GgufFile(path).Dispose());
        }

        Assert.Contains("missing", Assert.Throws<ModelFormatException>(() => new GgufFile(path + "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Metadata_comes_back_as_it_was_set()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "m.gguf");
        Prop.ForAll<int, NonNull<string>, float[]>((number, text, floats) =>
        {
            string valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get)); // FsCheck's strings may have lone surrogates
            object[] values =
            [
                (byte)number, (sbyte)number, (ushort)number, (short)number, (uint)number, number, (ulong)number, (long)number, number / 3.0, number % 2 == 0,
                number / 3f, valid, floats, new[] { valid, "", valid }, new[] { number, -1 }, new[] { true, false }, Array.Empty<string>(),
            ];
            GgufWriter writer = new();
            for (int i = 0; i < values.Length; i++)
                writer.Set($"key.{i}", values[i]);
            writer.Save(path);
            using GgufFile file = new(path);
            return values.Select((value, i) => value is Array array ? array.Cast<object>().SequenceEqual(((Array)file.Metadata[$"key.{i}"]).Cast<object>()) : value.Equals(file.Metadata[$"key.{i}"])).All(same => same);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(50));
    }

    [Fact]
    public void Refuses_what_the_format_cannot_hold()
    {
        GgufWriter writer = new();
        writer.Set("a", 1);
        writer.Add("t", DType.Float16, new Shape(4), (_, _) => { });
        Assert.Throws<ArgumentException>(() => writer.Set("a", 2));
        Assert.Throws<ArgumentException>(() => writer.Set("b", new object()));
        Assert.Throws<ArgumentException>(() => writer.Add("t", DType.Float16, new Shape(4), (_, _) => { }));
        Assert.Throws<ArgumentException>(() => writer.Add("u", DType.Q8_0, new Shape(2, 31), (_, _) => { }));
        Assert.Throws<ArgumentException>(() => writer.Add("u", DType.Q4_0, new Shape(2, 48), (_, _) => { }));
        Assert.Throws<ArgumentException>(() => writer.Add(new string('n', 64), DType.Float16, new Shape(4), (_, _) => { }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(900)]
    public void Long_tensors_are_written_in_parts_that_fit_together(int rowsBeyond)
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "long.gguf");
        int rows = (1 << 20) / 4096 * 3 + rowsBeyond; // three parts of a mebibyte, and some
        GgufWriter writer = new();
        writer.Add("odd", DType.Float16, new Shape(3), (_, bytes) => bytes.Fill(1));
        writer.Add("long", DType.Float32, new Shape(rows, 1024), (row, bytes) => bytes.Fill((byte)(row % 251)));
        writer.Add("last", DType.Float32, new Shape(1), (_, bytes) => bytes.Fill(7));
        writer.Save(path);
        using GgufFile file = new(path);
        Assert.Equal([7, 7, 7, 7], file.Bytes("last").ToArray());
        ReadOnlySpan<byte> bytes = file.Bytes("long");
        Assert.Equal(rows * 4096, bytes.Length);
        for (int row = 0; row < rows; row++)
            Assert.Equal(-1, bytes.Slice(row * 4096, 4096).IndexOfAnyExcept((byte)(row % 251)));
    }

    private static string Save(TemporaryFolder folder, string hex)
    {
        string path = Path.Combine(folder.Path, "small.gguf");
        File.WriteAllBytes(path, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        return path;
    }
}
