using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Tuning;

/// <summary>The parts of a tune, in their order.</summary>
public enum TunePhase
{
    /// <summary>Reading the workspace.</summary>
    Scanning,

    /// <summary>Drawing samples and packing rows.</summary>
    Preparing,

    /// <summary>Training.</summary>
    Training,

    /// <summary>Measuring the tuned model and the base.</summary>
    Evaluating,
}

/// <summary>How far a tune is.</summary>
/// <param name="Phase">Which part.</param>
/// <param name="Share">How much of the part is done, 0 to 1.</param>
/// <param name="Training">The last step's figures, while training.</param>
public sealed record TuneProgress(TunePhase Phase, double Share, TrainingProgress? Training = null);
