using CodeTuner.Tuning.Evaluation;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.Tuning;

/// <summary>What a tune came to.</summary>
/// <param name="Run">Its folder.</param>
/// <param name="Interrupted">Whether it was stopped on the way; it can be resumed.</param>
/// <param name="Data">What it was measured on.</param>
/// <param name="Before">How the base did; null where it was interrupted.</param>
/// <param name="After">How the tuned model did; null where it was interrupted.</param>
public sealed record TuneResult(RunFolder Run, bool Interrupted, EvaluationData? Data, EvaluationResult? Before, EvaluationResult? After);
