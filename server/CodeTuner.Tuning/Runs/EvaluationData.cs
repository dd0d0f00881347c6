using CodeTuner.Tuning.Evaluation;

namespace CodeTuner.Tuning.Runs;

/// <summary>What a run measures on, kept so that a resumed or repeated evaluation sees the same.</summary>
/// <param name="Spots">Where lines are filled in.</param>
/// <param name="Sequences">What the loss is taken of.</param>
public sealed record EvaluationData(IReadOnlyList<EvaluationSpot> Spots, IReadOnlyList<HeldOutSequence> Sequences);
