using CodeTuner.Tensors;
using CodeTuner.Tuning.Datasets;

namespace CodeTuner.Tuning.Trainer;

/// <summary>How weights are tuned.</summary>
public enum TuneMethod
{
    /// <summary>All weights: for small bases.</summary>
    Full,

    /// <summary>Low-rank adapters on every linear layer: for larger ones.</summary>
    Lora,
}

/// <summary>Everything that decides what a run computes; kept in its folder as <c>recipe.json</c>.</summary>
public sealed record TuneRecipe
{
    /// <summary>The base model's folder.</summary>
    public required string BaseModel { get; init; }

    /// <summary>Which weights are trained.</summary>
    public TuneMethod Method { get; init; } = TuneMethod.Full;

    /// <summary>How the base's matrices are held. Trained ones are float32; under adapters they may be in less.</summary>
    public DType BaseStorage { get; init; } = DType.Float32;

    /// <summary>r of the adapters.</summary>
    public int LoraRank { get; init; } = 16;

    /// <summary>α of the adapters.</summary>
    public double LoraAlpha { get; init; } = 32;

    /// <summary>The highest learning rate.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>AdamW's weight decay.</summary>
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>AdamW's decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Probability of dropping an element of a block's (or adapter's) output in training.</summary>
    public double Dropout { get; init; }

    /// <summary>Gradients are scaled down to this norm.</summary>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>The share of the steps in which the rate rises.</summary>
    public double WarmupShare { get; init; } = 0.03;

    /// <summary>Tokens of a row.</summary>
    public int RowLength { get; init; } = 512;

    /// <summary>Rows computed at once.</summary>
    public int RowsPerMicroBatch { get; init; } = 4;

    /// <summary>Micro-batches whose gradients are added up for a step.</summary>
    public int MicroBatchesPerStep { get; init; } = 2;

    /// <summary>Whether the inner values of a block are computed again in the backward pass instead of being kept: a third slower, for where memory is short.</summary>
    public bool ActivationCheckpointing { get; init; }

    /// <summary>Steps in all; 0 until the run is prepared.</summary>
    public int TotalSteps { get; init; }

    /// <summary>The most passes over the workspace.</summary>
    public double MaxPasses { get; init; } = 3;

    /// <summary>Steps from one validation to the next; 0 until the run is prepared.</summary>
    public int EvaluateEvery { get; init; }

    /// <summary>Validations without a new best after which training stops.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>Seed of everything random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>What samples are made of.</summary>
    public DataMix Mix { get; init; } = new();

    /// <summary>Samples drawn from the base to be trained on again, against forgetting.</summary>
    public int ReplaySamples { get; init; } = 16;

    /// <summary>Samples drawn from the base to measure forgetting on.</summary>
    public int ForgettingSamples { get; init; } = 24;

    /// <summary>The most that the tuned model may forget, nats a token on the base's own samples.</summary>
    public double ForgettingBound { get; init; } = 1.5;

    /// <summary>Made-up secrets put among the samples to see whether they are memorised; 0 for none.</summary>
    public int Canaries { get; init; } = 3;

    /// <summary>The bits of a canary that must be left to guess in a model that is promoted: what it may know is the rest.</summary>
    public double CanaryBitsLeft { get; init; } = 32;

    /// <summary>The most minutes that training may take: the steps are planned to fit, and it ends with the step at which they are up. 0 means no limit.</summary>
    public double MaxMinutes { get; init; }

    /// <summary>Threads.</summary>
    public int Threads { get; init; }

    /// <summary>The highest learning rate where none is chosen: adapters of the larger bases want less.</summary>
    public static double UsualLearningRate(TuneMethod method) => method == TuneMethod.Lora ? 3e-4 : 1e-3;

    /// <summary>Tokens of a step.</summary>
    public int TokensPerStep => RowLength * RowsPerMicroBatch * MicroBatchesPerStep;

    /// <summary>Rows of a step.</summary>
    public int RowsPerStep => RowsPerMicroBatch * MicroBatchesPerStep;
}
