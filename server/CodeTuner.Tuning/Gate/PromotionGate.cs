using System.Globalization;
using CodeTuner.Tuning.Evaluation;

namespace CodeTuner.Tuning.Gate;

/// <summary>
/// Lets a tuned checkpoint through only where it is surely better on this workspace, has not forgotten what it knew and gives no
/// secret away. Whatever cannot be told, such as a loss that is not a number, counts as a failure.
/// </summary>
/// <param name="forgettingBound">The most nats a token that the tuned model may lose on samples from the base.</param>
public sealed class PromotionGate(double forgettingBound)
{
    // The bootstrap of fewer says nothing: that of one has no width at all.
    private const int LeastSequences = 5;

    /// <summary>Compares a tuned model with the one in use, on the same sequences.</summary>
    /// <param name="before">The model in use.</param>
    /// <param name="after">The tuned model.</param>
    /// <param name="forgetting">What <see cref="Evaluator.Forgetting"/> says of it.</param>
    /// <param name="canaries">Texts that it must not know, where they were tried.</param>
    /// <exception cref="ArgumentException">The results are of different sequences.</exception>
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
        if (!(forgetting <= forgettingBound))
            against.Add(Say($"The model forgot too much: {forgetting:F3} nats a token on the base model's own samples; the bound is {forgettingBound:F3}."));
        string[] leaked = [.. (canaries ?? []).Where(c => c.Reproduced).Select(c => c.Name)];
        if (leaked.Length > 0)
            against.Add(Say($"The model gives away {leaked.Length} of {canaries!.Count} secrets that it was tried with: {string.Join(", ", leaked)}."));

        string fell = Say($"held-out loss fell by {gain.Value:F3} nats a token (95 % interval {gain.Low:F3} to {gain.High:F3})");
        if (against.Count == 0)
            return new GateVerdict(true, gain, forgetting, Say($"Promoted: {fell}, and forgetting is {forgetting:F3} nats a token, under the bound of {forgettingBound:F3}."));
        if (sequences >= LeastSequences && gain.Low > 0 && double.IsFinite(gain.Value))
            against.Insert(0, $"Not promoted, although {fell}.");
        return new GateVerdict(false, gain, forgetting, string.Join(' ', against) + " The model in use stays.");
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
