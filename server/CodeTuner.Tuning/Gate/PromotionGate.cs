using System.Globalization;
using CodeTuner.Tuning.Evaluation;

namespace CodeTuner.Tuning.Gate;

/// <summary>
/// Lets a tuned checkpoint through only where it is surely better on this workspace by its loss, does not surely fill in lines
/// worse, has not forgotten what it knew and gives no secret away. Whatever cannot be told, such as a loss that is not a number, counts as a failure.
/// </summary>
/// <param name="forgettingBound">The most nats a token that the tuned model may lose on samples from the base.</param>
public sealed class PromotionGate(double forgettingBound)
{
    // The bootstrap of fewer says nothing: that of one has no width at all.
    private const int LeastSequences = 5;
    private const int LeastSpots = 10;

    /// <summary>Compares a tuned model with the one in use, on the same sequences and spots.</summary>
    /// <param name="before">The model in use; where it filled in no spots, the lines are not compared.</param>
    /// <param name="after">The tuned model.</param>
    /// <param name="forgetting">What <see cref="Evaluator.Forgetting"/> says of it.</param>
    /// <param name="canaries">Texts that it must not know, where they were tried.</param>
    /// <exception cref="ArgumentException">The results are of different sequences or spots.</exception>
    public GateVerdict Judge(EvaluationResult before, EvaluationResult after, double forgetting, IReadOnlyList<CanaryResult>? canaries = null)
    {
        Interval gain = EvaluationComparison.LossGainOf(before, after);
        int sequences = before.Sequences.Count;
        List<string> against = [];
        if (sequences < LeastSequences)
            against.Add(Say($"No gain can be shown: only {sequences} held-out sequences are there to measure on, at least {LeastSequences} are needed."));
        else if (!double.IsFinite(gain.Value) || double.IsNaN(gain.Low))
            against.Add("No gain: the tuned model's held-out loss is not a number, so the tuning diverged. Lower the learning rate.");
        else if (!(gain.Low > 0))
            against.Add(Say($"No gain: held-out loss changed by {-gain.Value:+0.000;-0.000} nats a token, and the 95 % interval of the gain, {gain.Low:F3} to {gain.High:F3}, is not above zero."));
        (Interval? similarity, Interval? valid) = Lines(before, after);
        if (similarity is { High: < 0 })
            against.Add(Worse("lines are less like what stood there: their edit similarity", similarity));
        // Who writes nothing breaks nothing: where the lines have come surely closer to what stood there, that counts for more.
        if (valid is { High: < 0 } && similarity is not { Low: > 0 })
            against.Add(Worse("less of what it writes is valid: the share that parses", valid));
        if (!(forgetting <= forgettingBound))
            against.Add(Say($"The model forgot too much: {forgetting:F3} nats a token on the base model's own samples; the bound is {forgettingBound:F3}."));
        CanaryResult[] leaked = [.. (canaries ?? []).Where(c => c.IsMemorised)];
        if (leaked.Length > 0)
        {
            against.Add(Say(
                $"The model has learned {leaked.Length} of {canaries!.Count} made-up secrets too well, and so might give away real ones: {string.Join(", ", leaked.Select(c => Say($"{c.Name} {c.Exposure:F1} bits, the bound is {c.Bound:F0}")))}. Use fewer passes or a lower learning rate."));
        }

        string fell = Say($"held-out loss fell by {gain.Value:F3} nats a token (95 % interval {gain.Low:F3} to {gain.High:F3})");
        if (against.Count == 0)
            return new GateVerdict(true, gain, forgetting, Say($"Promoted: {fell}, and forgetting is {forgetting:F3} nats a token, under the bound of {forgettingBound:F3}."), similarity, valid);
        if (sequences >= LeastSequences && gain.Low > 0 && double.IsFinite(gain.Value))
            against.Insert(0, $"Not promoted, although {fell}.");
        return new GateVerdict(false, gain, forgetting, string.Join(' ', against) + " The model in use stays.", similarity, valid);
    }

    // A lower loss is worth nothing to somebody whose completions have become worse.
    private static (Interval? Similarity, Interval? Valid) Lines(EvaluationResult before, EvaluationResult after)
    {
        if (before.Spots.Count == 0)
            return (null, null);
        EvaluationComparison lines = EvaluationComparison.Of(before, after);
        int parsed = before.Spots.Zip(after.Spots).Count(p => p.First.SyntaxValid is not null && p.Second.SyntaxValid is not null);
        return (lines.Spots >= LeastSpots ? lines.EditSimilarityGain : null, parsed >= LeastSpots ? lines.SyntaxValidGain : null);
    }

    private static string Worse(string what, Interval change) =>
        Say($"The tuned model's {what} changed by {change.Value:+0.000;-0.000}, and the 95 % interval, {change.Low:F3} to {change.High:F3}, is below zero.");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
