using CodeTuner.Tuning.Evaluation;

namespace CodeTuner.Tuning.Gate;

/// <summary>Whether a tuned checkpoint may replace the one in use, and why.</summary>
/// <param name="Promote">Whether it may.</param>
/// <param name="LossGain">The held-out loss before minus after, nats a token, with its paired interval.</param>
/// <param name="Forgetting">Estimated KL(base ‖ tuned) on samples from the base, nats a token.</param>
/// <param name="Reason">A sentence for the user; a sentence for each reason where there are several.</param>
/// <param name="EditSimilarityGain">Edit similarity of the lines after minus before, with its paired interval; null where too few were compared.</param>
/// <param name="SyntaxValidGain">The share of results that parse after minus before, likewise.</param>
public sealed record GateVerdict(
    bool Promote, Interval LossGain, double Forgetting, string Reason, Interval? EditSimilarityGain = null, Interval? SyntaxValidGain = null);
