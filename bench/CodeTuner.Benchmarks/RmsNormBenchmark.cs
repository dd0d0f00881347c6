using BenchmarkDotNet.Attributes;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;

namespace CodeTuner.Benchmarks;

/// <summary>Normalisation of a micro-batch's rows.</summary>
public class RmsNormBenchmark
{
    private readonly CpuBackend backend = BenchmarkTensors.Backend();
    private Tensor x = null!, y = null!, weight = null!, inverse = null!, xGradient = null!, yGradient = null!, weightGradient = null!;

    [Params(2048)]
    public int Rows { get; set; }

    [Params(256, 1024)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Tensor Hidden() => backend.Random(Rows, Width);
        (x, y, xGradient, yGradient) = (Hidden(), Hidden(), Hidden(), Hidden());
        (weight, weightGradient, inverse) = (backend.Random(Width), backend.Random(Width), backend.Random(Rows));
        Forward();
    }

    [Benchmark]
    public void Forward()
    {
        backend.RmsNorm(y, inverse, x, weight, 1e-5f);
        backend.Flush();
    }

    [Benchmark]
    public void Backward()
    {
        backend.RmsNormBackward(xGradient, false, weightGradient, false, yGradient, x, weight, inverse);
        backend.Flush();
    }

    [GlobalCleanup]
    public void Cleanup() => backend.Dispose();
}
