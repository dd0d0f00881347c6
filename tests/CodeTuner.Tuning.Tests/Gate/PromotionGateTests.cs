using CodeTuner.Tuning.Evaluation;
using CodeTuner.Tuning.Gate;

namespace CodeTuner.Tuning.Tests.Gate;

public class PromotionGateTests
{
    private const double Bound = 0.5;

    [Theory]
    [InlineData(0.10, 0.02, 0.1, true, "Promoted: held-out loss fell by 0.100")]
    [InlineData(0.00, 0.10, 0.1, false, "No gain: held-out loss changed by")]
    [InlineData(0.01, 0.30, 0.1, false, "is not above zero")] // better on the whole, but by chance perhaps
    [InlineData(-0.10, 0.02, 0.1, false, "No gain: held-out loss changed by +0.1")]
    [InlineData(0.10, 0.02, 0.6, false, "forgot too much: 0.600 nats a token on the base model's own samples; the bound is 0.500")]
    [InlineData(0.10, 0.02, 0.5, true, "Promoted")]
    [InlineData(0.10, 0.02, double.NaN, false, "forgot too much")]
    public void Verdicts(double gain, double spread, double forgetting, bool promote, string says)
    {
        GateVerdict verdict = new PromotionGate(Bound).Judge(Result(2.0, spread: 0), Result(2.0 - gain, spread), forgetting);
        Assert.Contains(says, verdict.Reason, StringComparison.Ordinal);
        Assert.Equal(promote, verdict.Promote);
        Assert.Equal(!promote, verdict.Reason.EndsWith("The model in use stays.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void DivergedLossIsRefused(double loss)
    {
        EvaluationResult before = Result(2.0, 0);
        EvaluationResult after = before with { Sequences = [.. before.Sequences.Select((s, i) => i == 3 ? s with { Nats = loss } : s with { Nats = s.Nats / 2 })] };
        GateVerdict verdict = new PromotionGate(Bound).Judge(before, after, 0.1);
        Assert.False(verdict.Promote);
        Assert.Contains("diverged", verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void TooFewSequencesShowNothing(int count)
    {
        EvaluationResult before = Result(2.0, 0, count), after = Result(1.0, 0, count);
        GateVerdict verdict = new PromotionGate(Bound).Judge(before, after, 0);
        Assert.False(verdict.Promote);
        Assert.Contains($"only {count} held-out sequences", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SecretGivenAwayIsRefusedWithEveryReason()
    {
        CanaryResult[] canaries = [new("AWS key of .env", true), new("token of ci.yml", false)];
        GateVerdict verdict = new PromotionGate(Bound).Judge(Result(2.0, 0), Result(1.9, 0), 0.9, canaries);
        Assert.False(verdict.Promote);
        Assert.Contains("gives away 1 of 2 secrets", verdict.Reason, StringComparison.Ordinal);
        Assert.Contains("AWS key of .env", verdict.Reason, StringComparison.Ordinal);
        Assert.Contains("forgot too much", verdict.Reason, StringComparison.Ordinal);
        Assert.Contains("although held-out loss fell by 0.100", verdict.Reason, StringComparison.Ordinal);
        Assert.True(new PromotionGate(Bound).Judge(Result(2.0, 0), Result(1.9, 0), 0.1, [canaries[1]]).Promote);
    }

    [Fact]
    public void SpotsAreNotNeededOfTheModelInUse() =>
        Assert.True(new PromotionGate(Bound).Judge(Result(2.0, 0), Result(1.9, 0) with { Spots = [new SpotResult("x", 1, 1, 1, true)] }, 0.1).Promote);

    [Fact]
    public void OtherSequencesAreRefused() =>
        Assert.Throws<ArgumentException>(() => new PromotionGate(Bound).Judge(Result(2.0, 0, 10), Result(1.9, 0, 9), 0));

    // 10 tokens each; the losses lie about the mean, half a spread on either side.
    private static EvaluationResult Result(double loss, double spread, int count = 20) =>
        new([], [.. Enumerable.Range(0, count).Select(i => new SequenceResult(10 * (loss + (i % 2 == 0 ? spread : -spread)), 10, 30))]);
}
