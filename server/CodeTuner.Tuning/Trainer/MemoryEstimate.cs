using CodeTuner.Models.Architectures;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Tensors;
using CodeTuner.Tuning.Devices;

namespace CodeTuner.Tuning.Trainer;

/// <summary>The memory that a tune will need, in bytes.</summary>
/// <param name="Weights">The model.</param>
/// <param name="Trained">Gradients and AdamW's moments.</param>
/// <param name="Activations">What one micro-batch keeps for its backward pass.</param>
/// <param name="Working">Packed operands, one chunk of logits, a frozen weight while it is widened, and the runtime.</param>
/// <param name="Measuring">Afterwards, in place of all of them: the base, and then the tuned model.</param>
public sealed record MemoryEstimate(long Weights, long Trained, long Activations, long Working, long Measuring)
{
    private const long Runtime = 250L << 20;
    private const long Packed = 32L << 20;
    private const long FewestLogits = 32L << 20;
    private const int RowsOfLogits = 256;

    /// <summary>The most at any time.</summary>
    public long Total => Math.Max(Weights + Trained + Activations + Working, Measuring);

    /// <summary>Estimates from the sizes alone, before anything is allocated.</summary>
    public static MemoryEstimate Of(ModelConfig config, TuneRecipe recipe)
    {
        long tokens = (long)recipe.RowLength * recipe.RowsPerMicroBatch;
        int attention = config.HeadSize * (config.QueryHeads + (2 * config.KeyValueHeads));

        // Inputs of both norms and their results, q k v, the attention's result, gate, up and their product, all float32.
        long perTokenAndLayer = 4L * ((4 * config.HiddenSize) + attention + (config.HeadSize * config.QueryHeads) + (3 * config.IntermediateSize));
        long trained = recipe.Method == TuneMethod.Full
            ? config.ParameterCount
            : (long)config.LayerCount * recipe.LoraRank * ((5L * config.HiddenSize) + attention + (config.HeadSize * config.QueryHeads) + (3L * config.IntermediateSize));

        // With checkpointing, the input of each block and the inner values of one.
        long perToken = recipe.ActivationCheckpointing ? (4L * config.HiddenSize * config.LayerCount) + perTokenAndLayer : perTokenAndLayer * config.LayerCount;
        long gradientsInFlight = tokens * 4 * (config.HiddenSize + (3L * config.IntermediateSize));
        long working = Packed + Math.Max(FewestLogits, (long)RowsOfLogits * config.VocabularySize * 4) + Runtime;

        // A weight that is not float32 becomes it for the gradient of its input, as it lies and turned.
        long widened = recipe.BaseStorage == DType.Float32 ? 0 : 8L * config.HiddenSize * Math.Max(config.IntermediateSize, config.QueryHeads * config.HeadSize);
        return new MemoryEstimate(
            MatrixStorage.Bytes(config, recipe.BaseStorage),
            trained * 12,
            (tokens * perToken) + gradientsInFlight,
            working + widened,
            MatrixStorage.Bytes(config, (recipe.BaseStorage.IsQuantised() ? ServingStorage.Of(config) : null) ?? DType.BFloat16) + working);
    }

    /// <summary>The recipe as it fits into memory: with activation checkpointing where it would not without.</summary>
    /// <param name="config">The base's shape.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="available">Bytes that may be taken.</param>
    /// <param name="ofCard">Whether they are a graphics card's; a refusal then names the processor as a way out.</param>
    /// <exception cref="TuningException">It would not fit either way.</exception>
    public static TuneRecipe Fit(ModelConfig config, TuneRecipe recipe, long available, bool ofCard = false)
    {
        if (Of(config, recipe).Total <= available)
            return recipe;
        TuneRecipe smaller = recipe with { ActivationCheckpointing = true };
        Of(config, smaller).RequireAtMost(available, ofCard);
        return smaller;
    }

    /// <summary>Bytes that are free on this machine now, what a container allows included.</summary>
    public static long Available()
    {
        GCMemoryInfo info = GC.GetGCMemoryInfo();
        long limit = info.TotalAvailableMemoryBytes;
        try
        {
            foreach (string line in File.ReadLines("/proc/meminfo"))
            {
                if (line.StartsWith("MemAvailable:", StringComparison.Ordinal))
                    return Math.Min(limit, long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not Linux: what the runtime says has to do.
        }

        return limit - info.MemoryLoadBytes;
    }

    /// <summary>Refuses where there is too little.</summary>
    /// <exception cref="TuningException">It would not fit.</exception>
    public void RequireAtMost(long available, bool ofCard = false)
    {
        if (Total <= available)
            return;
        string free = $"but only {ByteSize.Words(available)} are free{(ofCard ? " on the graphics card" : "")}.";
        string elsewhere = ofCard ? " The processor has memory of its own: choose the device \"cpu\"." : "";
        if (Measuring > available)
            throw new TuningException($"A model of this size needs about {ByteSize.Words(Measuring)} of memory to be measured and served, {free} Use a smaller model.{elsewhere}");
        throw new TuningException(
            $"Tuning needs about {ByteSize.Words(Total)} of memory (weights {ByteSize.Words(Weights)}, optimizer {ByteSize.Words(Trained)}, activations {ByteSize.Words(Activations)}) {free} "
            + $"Use --method lora, a smaller --batch-rows or --row, or a smaller model.{elsewhere}");
    }
}
