using CodeTuner.Models;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;

namespace CodeTuner.Benchmarks;

/// <summary>A backend with tensors of random values.</summary>
internal static class BenchmarkTensors
{
    /// <summary>The backend that is measured: all cores, or as many threads as CODETUNER_THREADS says.</summary>
    public static CpuBackend Backend() => new(new CpuBackendOptions
    {
        Threads = int.TryParse(Environment.GetEnvironmentVariable("CODETUNER_THREADS"), out int threads) ? threads : null,
    });

    /// <summary>Values in ±1.</summary>
    public static Tensor Random(this CpuBackend backend, params int[] sizes)
    {
        Shape shape = sizes.Length == 1 ? new Shape(sizes[0]) : new Shape(sizes[0], sizes[1]);
        Tensor tensor = backend.Allocate(shape);
        RandomSequence random = new((ulong)shape.Count);
        float[] values = new float[shape.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)((2 * random.NextDouble()) - 1);
        backend.Write(tensor, values);
        return tensor;
    }

    /// <summary>Integers below a limit.</summary>
    public static Tensor Integers(this CpuBackend backend, int count, int limit)
    {
        Tensor tensor = backend.Allocate(new Shape(count), DType.Int32);
        RandomSequence random = new((ulong)count);
        backend.Write(tensor, (ReadOnlySpan<int>)[.. Enumerable.Range(0, count).Select(_ => random.NextInt(limit))]);
        return tensor;
    }
}
