using CodeTuner.Tuning.Evaluation;
using CodeTuner.Tuning.Gate;

namespace CodeTuner.Tuning.Tests.Gate;

public class PromotionGateTests
{
    [Theory]
    [InlineData(0.5, 0.1, 0.2, true, "Promoted")]
    [InlineData(0.0, 0.1, 0.2, false, "No gain")]
    [InlineData(-0.5, 0.1, 0.2, false, "No gain")]
    [InlineData(0.02, 1.0, 0.2, false, "No gain")] // a gain, but well inside the noise
    [InlineData(0.5, 0.1, 1.5, false, "forgot too much")]
    [InlineData(0.5, 0.1, double.NaN, false, "forgot too much")]
    public void Promotes_only_a_sure_gain_that_forgets_little(double gain, double noise, double forgetting, bool promote, string says)
    {
        EvaluationResult before = Result(Enumerable.Range(0, 40).Select(i => 100.0 + i));
        EvaluationResult after = Result(Enumerable.Range(0, 40).Select(i => 100.0 + i - (10 * (gain + (noise * (i % 2 == 0 ? 1 : -1))))));
        GateVerdict verdict = new PromotionGate(1.0).Judge(before, after, forgetting);
        Assert.Equal(promote, verdict.Promote);
        Assert.Contains(says, verdict.Reason, StringComparison.Ordinal);
        Assert.Equal(gain, verdict.LossGain.Value, 1e-9);
    }

    private static EvaluationResult Result(IEnumerable<double> nats) => new([], [.. nats.Select(n => new SequenceResult(n, 10, 30))]);
}
