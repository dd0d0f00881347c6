using BenchmarkDotNet.Attributes;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;

namespace CodeTuner.Benchmarks;

/// <summary>The output layer with its cross-entropy, 16,384 words of width 256, with and without gradients.</summary>
public class CrossEntropyBenchmark
{
    private const int Vocabulary = 16_384, Width = 256;

    private readonly CpuBackend backend = BenchmarkTensors.Backend();
    private Tensor losses = null!, hidden = null!, weight = null!, targets = null!, hiddenGradient = null!, weightGradient = null!;

    [Params(256, 1024)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        (hidden, hiddenGradient, losses) = (backend.Random(Rows, Width), backend.Random(Rows, Width), backend.Random(Rows));
        (weight, weightGradient) = (backend.Random(Vocabulary, Width), backend.Random(Vocabulary, Width));
        targets = backend.Integers(Rows, Vocabulary);
    }

    [Benchmark]
    public void Loss()
    {
        backend.LinearCrossEntropy(losses, hidden, weight, targets, 1, null, null, false);
        backend.Flush();
    }

    [Benchmark]
    public void LossAndGradients()
    {
        backend.LinearCrossEntropy(losses, hidden, weight, targets, 1, hiddenGradient, weightGradient, false);
        backend.Flush();
    }

    [GlobalCleanup]
    public void Cleanup() => backend.Dispose();
}
