using BenchmarkDotNet.Attributes;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;

namespace CodeTuner.Benchmarks;

/// <summary>Causal grouped-query attention of a micro-batch: 4 rows, 4 query heads on 2 key heads of 64, as in the embedded model.</summary>
public class AttentionBenchmark
{
    private const int Batch = 4, QueryHeads = 4, KeyHeads = 2, HeadSize = 64;

    private readonly CpuBackend backend = BenchmarkTensors.Backend();
    private AttentionShape shape;
    private Tensor query = null!, key = null!, value = null!, output = null!, logSumExp = null!;
    private Tensor queryGradient = null!, keyGradient = null!, valueGradient = null!, outputGradient = null!;

    [Params(512, 1024)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        int rows = Batch * Length;
        shape = new AttentionShape(Batch, Length, Length, QueryHeads, KeyHeads, HeadSize, 1 / MathF.Sqrt(HeadSize));
        Tensor Queries() => backend.Random(rows, QueryHeads * HeadSize);
        Tensor Keys() => backend.Random(rows, KeyHeads * HeadSize);
        (query, key, value, output, logSumExp) = (Queries(), Keys(), Keys(), Queries(), backend.Random(rows, QueryHeads));
        (queryGradient, keyGradient, valueGradient, outputGradient) = (Queries(), Keys(), Keys(), Queries());
        Forward();
    }

    [Benchmark]
    public void Forward()
    {
        backend.Attention(output, logSumExp, query, key, value, null, shape);
        backend.Flush();
    }

    [Benchmark]
    public void Backward()
    {
        backend.AttentionBackward(queryGradient, keyGradient, valueGradient, outputGradient, output, logSumExp, query, key, value, null, shape);
        backend.Flush();
    }

    [GlobalCleanup]
    public void Cleanup() => backend.Dispose();
}
