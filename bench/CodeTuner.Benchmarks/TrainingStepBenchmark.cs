using BenchmarkDotNet.Attributes;
using CodeTuner.Models;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Hub;
using CodeTuner.Tensors.Autograd;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Optimizers;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Benchmarks;

/// <summary>A step of the embedded model as a tune takes it: two micro-batches of 4 rows of 512 tokens, half of them counted, all weights, AdamW.</summary>
public class TrainingStepBenchmark
{
    private const int Length = 512, RowsAtOnce = 4, MicroBatches = 2;

    private readonly CpuBackend backend = BenchmarkTensors.Backend();
    private readonly List<PackedRow[]> batches = [];
    private DecoderLanguageModel model = null!;
    private BatchLoss loss = null!;
    private AdamW optimizer = null!;

    [GlobalSetup]
    public void Setup()
    {
        model = DecoderLanguageModel.Load(ModelCatalog.Find(null), backend);
        RandomSequence random = new(1);
        int vocabulary = model.Tokenizer.VocabularySize;
        TrainingSample Sample() => new([.. Enumerable.Range(0, Length).Select(_ => random.NextInt(vocabulary))], Length / 2);
        batches.AddRange(Packer.Pack(Enumerable.Range(0, RowsAtOnce * MicroBatches).Select(_ => Sample()), Length, 0).Chunk(RowsAtOnce));
        model.Decoder.TrainAll();
        loss = new BatchLoss(model.Decoder, new Tape(backend));
        optimizer = new AdamW(backend, model.Decoder.Parameters, new AdamWOptions());
    }

    [Benchmark]
    public double Step()
    {
        double sum = 0;
        foreach (PackedRow[] batch in batches)
            sum += loss.Train(batch, 1.0 / MicroBatches, dropout: 0, seed: 1);
        optimizer.Step(1e-5f, optimizer.GradientNorm(), 1);
        backend.Flush();
        return sum;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        optimizer.Dispose();
        model.Dispose();
        backend.Dispose();
    }
}
