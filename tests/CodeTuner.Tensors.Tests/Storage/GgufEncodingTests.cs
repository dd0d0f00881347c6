using System.Runtime.InteropServices;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Reference;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Tests.Storage;

/// <summary>The storage types give the bytes that the gguf package gives, and read them back alike.</summary>
public class GgufEncodingTests
{
    public static TheoryData<DType, string> Types => new()
    {
        { DType.BFloat16, "BF16" },
        { DType.Float16, "F16" },
        { DType.Q8_0, "Q8_0" },
        { DType.Q4_0, "Q4_0" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void EncodesByteForByte(DType type, string name)
    {
        byte[] expected = GoldenFolder.Bytes("gguf", $"matrix.{name}");
        byte[] actual = new byte[expected.Length];
        StorageFormats.Encode(Floats("matrix.f32"), actual, type);
        Assert.Equal(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void DecodesExactly(DType type, string name)
    {
        float[] expected = Floats($"matrix.{name}.back.f32");
        float[] actual = new float[expected.Length];
        StorageFormats.Decode(GoldenFolder.Bytes("gguf", $"matrix.{name}"), actual, type);
        Assert.Equal(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void TensorsHoldTheSameBytes(DType type, string name)
    {
        float[] matrix = Floats("matrix.f32");
        byte[] expected = GoldenFolder.Bytes("gguf", $"matrix.{name}");
        foreach (Backend backend in (Backend[])[new ReferenceBackend(), new CpuBackend(new CpuBackendOptions { Threads = 1 })])
        {
            using (backend)
            {
                Tensor written = backend.Allocate(new Shape(8, 128), type), copied = backend.Allocate(new Shape(8, 128), type);
                Tensor floats = backend.Allocate(new Shape(8, 128));
                backend.Write(written, matrix);
                backend.Write(floats, matrix);
                backend.Copy(copied, floats);
                foreach (Tensor tensor in (Tensor[])[written, copied])
                {
                    byte[] actual = new byte[expected.Length];
                    backend.ReadBytes(tensor, actual);
                    Assert.Equal(expected, actual);
                }
            }
        }
    }

    private static float[] Floats(string file) => MemoryMarshal.Cast<byte, float>(GoldenFolder.Bytes("gguf", file)).ToArray();
}
