using System.Runtime.InteropServices;
using CodeTuner.Tensors.Ggml.Native;
using CodeTuner.Tensors.Ggml.Tests.Devices;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Ggml.Tests.Native;

/// <summary>Quantised rows are, byte for byte, those that ggml's own quantiser makes (<c>ggml_quantize_chunk</c>).</summary>
public unsafe class QuantisedBytesTests
{
    private const int Columns = 64;

    public static TheoryData<DType, string> Rows
    {
        get
        {
            TheoryData<DType, string> data = [];
            foreach (DType type in (DType[])[DType.Q8_0, DType.Q4_0])
            {
                foreach (string row in Values.Keys)
                    data.Add(type, row);
            }

            return data;
        }
    }

    // What is asked of each element's index. The scale of every block is a number that float16 holds.
    private static readonly Dictionary<string, Func<int, float>> Values = new()
    {
        ["zeros"] = _ => 0,
        ["negative zeros"] = _ => -0f,
        ["one value"] = i => i == 37 ? -3.7f : 0,
        ["all the same"] = _ => 0.3f,
        ["all the same below zero"] = _ => -0.3f,
        ["as far on both sides"] = i => i % 2 == 0 ? 1.7f : -1.7f,
        ["steps of a half"] = i => ((i % 32) - 16) * 0.5f,
        ["ties"] = i => ((i % 33) - 16) / 16f,
        ["large"] = i => (i % 2 == 0 ? 1e5f : -2e5f) / (i + 1),
        ["subnormal scales"] = i => (i - 30) * 1e-7f,
        ["scales that vanish"] = i => (i - 30) * 1e-12f,
        ["almost subnormal"] = i => (i - 30) * 2e-37f,
        ["a block of zeros beside another"] = i => i < 32 ? 0 : i - 40,
    };

    [GgmlTheory]
    [MemberData(nameof(Rows))]
    public void Of_odd_values(DType type, string row) => Check(type, [.. Enumerable.Range(0, Columns).Select(Values[row])]);

    [GgmlTheory]
    [InlineData(DType.Q8_0)]
    [InlineData(DType.Q4_0)]
    public void Of_random_values(DType type)
    {
        Random random = new(11);
        for (int exponent = -6; exponent <= 4; exponent++)
        {
            float size = MathF.Pow(10, exponent);
            float[] values = [.. Enumerable.Range(0, 400 * Columns).Select(_ => size * (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5))];
            Check(type, values);
        }
    }

    private static void Check(DType type, float[] values)
    {
        GgmlLibrary library = GgmlLibrary.Load(TestDevices.Search);
        nint core = NativeLibrary.Load(Path.Combine(library.Folder, GgmlLibraryOptions.CoreFile));
        try
        {
            var quantise = (delegate* unmanaged[Cdecl]<GgmlType, float*, void*, long, long, long, float*, nuint>)NativeLibrary.GetExport(core, "ggml_quantize_chunk");
            byte[] expected = new byte[type.RowBytes(values.Length)], actual = new byte[expected.Length];
            fixed (float* from = values)
            {
                fixed (byte* into = expected)
                    Assert.Equal((nuint)expected.Length, quantise(NativeTypes.Of(type), from, into, 0, values.Length / Columns, Columns, null));
            }

            StorageFormats.Encode(values, actual, type);
            Assert.Equal(expected, actual);
        }
        finally
        {
            NativeLibrary.Free(core);
        }
    }
}
