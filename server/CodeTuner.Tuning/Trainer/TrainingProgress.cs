namespace CodeTuner.Tuning.Trainer;

/// <summary>A step's figures.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="TotalSteps">Steps in all.</param>
/// <param name="Loss">The step's training loss, nats a counted token.</param>
/// <param name="HeldOutLoss">The held-out loss, where this step validated.</param>
/// <param name="LearningRate">The step's rate.</param>
/// <param name="GradientNorm">The gradient's norm before clipping.</param>
/// <param name="TokensPerSecond">Tokens a second, lately.</param>
/// <param name="Remaining">The time left, should it not stop early.</param>
public sealed record TrainingProgress(
    int Step, int TotalSteps, double Loss, double? HeldOutLoss, double LearningRate, double GradientNorm, double TokensPerSecond, TimeSpan Remaining);
