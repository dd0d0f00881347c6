using System.Globalization;
using CodeTuner.Tuning.Evaluation;

namespace CodeTuner.Tuning.Gate;

/// <summary>Lets a tuned checkpoint through only where it is better on this workspace and has not forgotten what it knew.</summary>
/// <param name="forgettingBound">The most nats a token that the tuned model may lose on samples from the base.</param>
public sealed class PromotionGate(double forgettingBound)
{
    /// <summary>Compares a tuned model with the one in use, on the same sequences.</summary>
    public GateVerdict Judge(EvaluationResult before, EvaluationResult after, double forgetting)
    {
        double[] gains = [.. before.Sequences.Zip(after.Sequences, (b, a) => b.Nats - a.Nats)];
        Interval gain = Bootstrap.Ratio(gains, [.. before.Sequences.Select(s => (double)s.Tokens)]);
        string figures = string.Create(
            CultureInfo.InvariantCulture, $"held-out loss fell by {gain.Value:F3} nats a token (95 % interval {gain.Low:F3} to {gain.High:F3})");
        if (gain.Low <= 0)
        {
            string change = string.Create(
                CultureInfo.InvariantCulture, $"held-out loss changed by {-gain.Value:+0.000;-0.000} nats a token, and the 95 % interval of the gain, {gain.Low:F3} to {gain.High:F3}, is not above zero");
            return new GateVerdict(false, gain, forgetting, $"No gain: {change}. The model in use stays.");
        }

        if (forgetting > forgettingBound || double.IsNaN(forgetting))
        {
            string lost = string.Create(CultureInfo.InvariantCulture, $"{forgetting:F3} nats a token on the base model's own samples; the bound is {forgettingBound:F3}");
            return new GateVerdict(false, gain, forgetting, $"Not promoted: {figures}, but the model forgot too much: {lost}. The model in use stays.");
        }

        string kept = string.Create(CultureInfo.InvariantCulture, $"forgetting is {forgetting:F3} nats a token, under the bound of {forgettingBound:F3}");
        return new GateVerdict(true, gain, forgetting, $"Promoted: {figures}, and {kept}.");
    }
}
