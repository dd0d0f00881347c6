using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Tensors;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Checkpoints;

public class SafetensorsFileTests
{
    // Each header stands before eight bytes of data.
    public static TheoryData<string, string> Damaged => new()
    {
        { "[]", "header" },
        { "{", "header" },
        { "nonsense", "header" },
        { "{\"a\":1}", "header" },
        { "{\"a\":{}}", "header" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", "header" },
        { "{\"a\":{\"dtype\":7,\"shape\":[2],\"data_offsets\":[0,8]}}", "header" },
        { "{\"a\":{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}}", "F31" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", "tensor a" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", "tensor a" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1,-2],\"data_offsets\":[0,8]}}", "tensor a" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}", "header" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}}", "header" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", "tensor a" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}", "tensor a" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}", "tensor a" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}", "starts at byte 8" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", "cut off" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "8 are there" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "overlap" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "twice" },
        { "{\"\\ud800\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "header" },
        { "{\"__metadata__\":{\"a\":1},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "header" },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Refuses_a_header_that_lies(string header, string says)
    {
        using TemporaryFolder folder = new();
        RefusesWith(says, WithHeader(folder, header, (ulong)Encoding.UTF8.GetByteCount(header)));
    }

    [Theory]
    [InlineData(0ul, "header")]
    [InlineData(200ul, "cut off")]
    [InlineData(200_000_000ul, "not a safetensors file")]
    [InlineData(ulong.MaxValue, "not a safetensors file")]
    [InlineData((ulong)long.MaxValue, "not a safetensors file")]
    public void Refuses_a_header_length_that_lies(ulong length, string says)
    {
        using TemporaryFolder folder = new();
        RefusesWith(says, WithHeader(folder, "{}", length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(500)]
    [InlineData(-1)]
    public void Refuses_a_file_that_was_cut_off(int keep)
    {
        using TemporaryFolder folder = new();
        byte[] whole = File.ReadAllBytes(Golden.At("models", "qwen2", "model.safetensors"));
        string path = Path.Combine(folder.Path, "model.safetensors");
        File.WriteAllBytes(path, whole[..(keep < 0 ? whole.Length + keep : keep)]);
        RefusesWith("", path);
    }

    [Fact]
    public void Says_that_a_file_is_missing() => RefusesWith("is missing", Golden.At("models", "qwen2", "none.safetensors"));

    [Fact]
    public void Says_which_tensor_is_missing()
    {
        using SafetensorsFile file = new(Golden.At("models", "qwen2", "model.safetensors"));
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => file.Floats("model.layers.99.mlp.weight"));
        Assert.Contains("model.layers.99.mlp.weight", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_no_bytes_once_disposed()
    {
        SafetensorsFile file = new(Golden.At("models", "qwen2", "model.safetensors"));
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Bytes("model.norm.weight").Length);
    }

    public static TheoryData<string, float[]> Types => new()
    {
        { "F32", [1.5f, -2, float.PositiveInfinity] },
        { "F16", [1.5f, -2, 65504] },
        { "BF16", [1.5f, -2, float.NegativeInfinity] },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Reads_floats_of_every_type(string type, float[] values)
    {
        using TemporaryFolder folder = new();
        using MemoryStream data = new();
        foreach (float value in values)
        {
            uint bits = BitConverter.SingleToUInt32Bits(value);
            data.Write(type switch
            {
                "F32" => BitConverter.GetBytes(bits),
                "BF16" => BitConverter.GetBytes((ushort)(bits >> 16)),
                _ => BitConverter.GetBytes(BitConverter.HalfToUInt16Bits((Half)value)),
            });
        }

        string path = Path.Combine(folder.Path, "t.safetensors");
        byte[] header = Encoding.UTF8.GetBytes($"{{\"t\":{{\"dtype\":\"{type}\",\"shape\":[{values.Length}],\"data_offsets\":[0,{data.Length}]}}}}");
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. data.ToArray()]);
        using SafetensorsFile file = new(path);
        Assert.Equal(values, file.Floats("t"));
    }

    [Theory]
    [InlineData("models/qwen2/model.safetensors")]
    [InlineData("models/llama/model-00001-of-00005.safetensors")]
    [InlineData("models/starcoder2/model.safetensors")]
    [InlineData("adapters/standard/adapter_model.safetensors")]
    [InlineData("training/lora/final.safetensors")]
    public void Writes_the_reference_implementation_s_bytes(string name)
    {
        string path = Golden.At(name.Split('/'));
        using SafetensorsFile file = new(path);
        SafetensorsWriter writer = new();
        foreach ((string key, string value) in file.Metadata)
            writer.SetMetadata(key, value);
        foreach (SafetensorsEntry entry in file.Entries.Values.Reverse())
            writer.Add(entry.Name, entry.Type!.Value, Shape.From([.. entry.Shape]), bytes => file.Bytes(entry.Name).CopyTo(bytes));
        using MemoryStream written = new();
        writer.Write(written);

        // Some writers leave no metadata; ours always names the format.
        byte[] wanted = File.ReadAllBytes(path);
        if (file.Metadata.ContainsKey("format"))
            Assert.True(wanted.AsSpan().SequenceEqual(written.ToArray()), name);
        else
            Assert.True(Data(wanted).SequenceEqual(Data(written.ToArray())), name);
    }

    [Fact]
    public void Orders_tensors_by_type_and_name_whatever_order_they_come_in()
    {
        (string Name, DType Type)[] tensors = [("b", DType.Float16), ("z", DType.Float32), ("c", DType.BFloat16), ("a", DType.Float16), ("d", DType.Int32), ("y", DType.Float32)];
        byte[] forward = Written(tensors), backward = Written([.. tensors.Reverse()]);
        Assert.Equal(forward, backward);
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(forward) % 8);
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "t.safetensors");
        File.WriteAllBytes(path, forward);
        using SafetensorsFile file = new(path);
        Assert.Equal(["y", "z", "d", "c", "a", "b"], file.Entries.Values.OrderBy(e => e.Begin).Select(e => e.Name));

        static byte[] Written((string Name, DType Type)[] tensors)
        {
            SafetensorsWriter writer = new();
            foreach ((string name, DType type) in tensors)
                writer.Add(name, type, new Shape(3), bytes => bytes.Fill((byte)name[0]));
            using MemoryStream stream = new();
            writer.Write(stream);
            return stream.ToArray();
        }
    }

    [Fact]
    public void Names_come_back_as_they_were()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "t.safetensors");
        string[] names = ["a\"b\\c", "größe<&+'>", "日本\U0001F600", "tab\tline\n", ""];
        SafetensorsWriter writer = new();
        foreach (string name in names)
            writer.Add(name, DType.Float32, new Shape(1), bytes => bytes.Clear());
        writer.Save(path);
        using SafetensorsFile file = new(path);
        Assert.Equal(names.Order(StringComparer.Ordinal), file.Entries.Keys.Order(StringComparer.Ordinal));
        using JsonDocument header = JsonDocument.Parse(File.ReadAllBytes(path).AsMemory(8, (int)BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(path))));
        Assert.Equal("pt", header.RootElement.GetProperty("__metadata__").GetProperty("format").GetString());
    }

    [Fact]
    public void A_name_is_written_once()
    {
        SafetensorsWriter writer = new();
        writer.Add("a", DType.Float32, new Shape(1), _ => { });
        Assert.Throws<ArgumentException>(() => writer.Add("a", DType.Float32, new Shape(1), _ => { }));
        Assert.Throws<ArgumentException>(() => writer.Add("__metadata__", DType.Float32, new Shape(1), _ => { }));
    }

    private static ReadOnlySpan<byte> Data(byte[] file) => file.AsSpan(8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file));

    private static string WithHeader(TemporaryFolder folder, string header, ulong length)
    {
        string path = Path.Combine(folder.Path, "t.safetensors");
        File.WriteAllBytes(path, [.. BitConverter.GetBytes(length), .. Encoding.UTF8.GetBytes(header), .. new byte[8]]);
        return path;
    }

    private static void RefusesWith(string says, string path)
    {
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => new SafetensorsFile(path).Dispose());
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }
}
