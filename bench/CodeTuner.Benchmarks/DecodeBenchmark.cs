using BenchmarkDotNet.Attributes;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Hub;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;

namespace CodeTuner.Benchmarks;

/// <summary>One token written by the embedded model after a prompt that is in its cache.</summary>
public class DecodeBenchmark
{
    private readonly CpuBackend backend = BenchmarkTensors.Backend();
    private readonly int[] prompt = new int[257];
    private DecoderLanguageModel model = null!;
    private int turn;

    [Params(DType.Float32, DType.BFloat16)]
    public DType Storage { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        model = DecoderLanguageModel.Load(ModelCatalog.Find(null), backend, Storage);
        for (int i = 0; i < prompt.Length; i++)
            prompt[i] = 100 + i;
        model.LastLogits(prompt);
    }

    [Benchmark]
    public float[] Token()
    {
        prompt[^1] = 100 + (turn++ % 1000); // all but the last token is in the cache
        return model.LastLogits(prompt);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        model.Dispose();
        backend.Dispose();
    }
}
