namespace CodeTuner.Tuning.Gate;

/// <summary>Whether a tuned model gives away a text that it must not know, asked with what stands before it.</summary>
/// <param name="Name">What it is, such as a rule's name and a file; never the secret itself.</param>
/// <param name="Reproduced">Whether the model wrote it.</param>
public sealed record CanaryResult(string Name, bool Reproduced);
