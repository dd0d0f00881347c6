using CodeTuner.Models.Architectures;
using CodeTuner.Models.Lora;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Autograd;
using CodeTuner.Tensors.Ggml;
using CodeTuner.Tensors.Optimizers;

namespace CodeTuner.Tuning.Health;

/// <summary>Asks a card about every operation of a tune: of adapters over a base in each type, and of a whole model.</summary>
internal static class CardOperations
{
    private const int Tokens = 32;

    /// <summary>The check of a card. Nothing is computed on it.</summary>
    public static HealthCheck Run(GgmlDevice card)
    {
        string name = $"operations of {card.Name}";
        try
        {
            return Judge(name, GgmlSurvey.Missing(card, Work));
        }
        catch (Exception e) when (e is GgmlException or DeviceMemoryException or DeviceLostException)
        {
            return new HealthCheck(name, HealthStatus.Warning, e.Message, "Until that is mended, the processor computes.");
        }
    }

    /// <summary>What to say about what a card lacks.</summary>
    internal static HealthCheck Judge(string name, IReadOnlyList<GgmlMissingOperation> missing)
    {
        string[] items = [.. missing.Select(m => $"{m.Name}: {m.Instead ?? "can not be computed"}")];
        if (missing.Any(m => m.Instead is null))
            return new HealthCheck(name, HealthStatus.Warning, "Some can not be computed there", "A newer driver may know them; until then use \"cpu\" as the device.") { Items = items };
        return new HealthCheck(name, HealthStatus.Ok, items.Length == 0 ? "all there" : "Operations computed another way:") { Items = items };
    }

    private static void Work(Backend backend)
    {
        foreach (DType type in (DType[])[DType.BFloat16, DType.Float16, DType.Q8_0, DType.Q4_0])
        {
            using Decoder decoder = Decoder.Random(Small, backend, seed: 1, type);
            using LoraAdapterSet adapter = LoraAdapterSet.Create(decoder, new LoraConfig { Rank = 4, Alpha = 8, TargetModules = LoraConfig.AllLinear, Dropout = 0.1 }, seed: 1);
            adapter.Train();
            Step(backend, decoder, [.. adapter.Parameters]);
        }

        using Decoder whole = Decoder.Random(Small, backend, seed: 1);
        whole.TrainAll();
        Step(backend, whole, [.. whole.Parameters]);
    }

    private static void Step(Backend backend, Decoder decoder, Parameter[] trained)
    {
        using AdamW optimizer = new(backend, trained, new AdamWOptions());
        Tape tape = new(backend) { IsRecording = true, IsTraining = true };
        int[] ids = new int[Tokens];
        DecoderInput input = new(tape.Integers(ids), tape.Integers([.. Enumerable.Range(0, Tokens)]), tape.Integers(ids), 1, Tokens);
        Variable hidden = tape.Gather(decoder.Forward(tape, input, dropout: 0.1f), tape.Integers(ids));
        _ = tape.LinearCrossEntropy(hidden, decoder.OutputWeight, tape.Integers(ids), 1);
        tape.Backward();
        tape.Reset();
        optimizer.Step(1e-3f, optimizer.GradientNorm(), 1);
        backend.Flush();
    }

    private static ModelConfig Small => new()
    {
        ModelType = "qwen2", HiddenSize = 64, LayerCount = 1, QueryHeads = 4, KeyValueHeads = 2, HeadSize = 16, IntermediateSize = 128, VocabularySize = 256,
        MaxPositions = Tokens, RmsNormEpsilon = 1e-6f, RopeTheta = 10000, TieWordEmbeddings = false, QkvBias = true, OutputBias = false, MlpBias = false,
    };
}
