using BenchmarkDotNet.Attributes;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;

namespace CodeTuner.Benchmarks;

/// <summary>Square products in the three layouts of a linear layer: forward NT, gradient of the input NN, of the weight TN. 2·N³ operations.</summary>
public class MatMulBenchmark
{
    private readonly CpuBackend backend = BenchmarkTensors.Backend();
    private Tensor a = null!, b = null!, c = null!;

    [Params(256, 512, 1024, 2048)]
    public int Size { get; set; }

    [Params(MatMulLayout.NT, MatMulLayout.NN, MatMulLayout.TN)]
    public MatMulLayout Layout { get; set; }

    [GlobalSetup]
    public void Setup() => (a, b, c) = (backend.Random(Size, Size), backend.Random(Size, Size), backend.Random(Size, Size));

    [Benchmark]
    public void MatMul()
    {
        backend.MatMul(c, a, b, Layout);
        backend.Flush();
    }

    [GlobalCleanup]
    public void Cleanup() => backend.Dispose();
}
