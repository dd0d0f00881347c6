namespace CodeTuner.Tuning.Trainer;

/// <summary>How a training ended.</summary>
/// <param name="State">Where it was.</param>
/// <param name="StoppedEarly">Whether the held-out loss had stopped falling.</param>
/// <param name="TimeIsUp">Whether the recipe's minutes were up before its last step.</param>
/// <param name="Interrupted">Whether it was asked to stop; it can be resumed.</param>
/// <param name="TokensPerSecond">Over all steps done now.</param>
public sealed record TrainingOutcome(TrainingState State, bool StoppedEarly, bool TimeIsUp, bool Interrupted, double TokensPerSecond);
