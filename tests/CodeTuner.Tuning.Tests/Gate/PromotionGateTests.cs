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

    [Theory]
    [InlineData(30.0, true)]
    [InlineData(30.1, false)]
    [InlineData(double.NaN, false)]
    public void ASecretLearnedTooWellIsRefused(double exposure, bool promote)
    {
        CanaryResult[] canaries = [new("access token", 3, exposure, 30), new("cloud access key", 3, 2.5, 30)];
        GateVerdict verdict = new PromotionGate(Bound).Judge(Result(2.0, 0), Result(1.9, 0), 0.1, canaries);
        Assert.Equal(promote, verdict.Promote);
        Assert.Equal(!promote, verdict.Reason.Contains("1 of 2 made-up secrets too well", StringComparison.Ordinal));
        Assert.DoesNotContain("cloud access key", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryReasonIsGiven()
    {
        GateVerdict verdict = new PromotionGate(Bound).Judge(Lines(2.0, 0.6, 1), Lines(1.9, 0.2, 0), 0.9, [new CanaryResult("access token", 3, 40, 30)]);
        Assert.False(verdict.Promote);
        foreach (string reason in (string[])["although held-out loss fell by 0.100", "access token 40.0 bits", "forgot too much", "edit similarity", "share that parses"])
            Assert.Contains(reason, verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5, 0.5, 1, 1, 20, true, null)]
    [InlineData(0.5, 0.6, 0.5, 0.8, 20, true, null)]
    [InlineData(0.5, 0.4, 1, 1, 20, false, "edit similarity changed by -0.100")]
    [InlineData(0.5, 0.4, 1, 1, 9, true, null)] // too few lines to be sure
    [InlineData(0.5, 0.5, 1, 0.2, 20, false, "the share that parses changed by -0.800")]
    [InlineData(0.5, 0.6, 1, 0.2, 20, true, null)] // closer to what stood there, and saying more
    [InlineData(0.5, 0.5, 0.5, 0.45, 20, true, null)] // a line worse by chance is no reason
    public void LinesMustNotBeSurelyWorse(double before, double after, double validBefore, double validAfter, int spots, bool promote, string? says)
    {
        GateVerdict verdict = new PromotionGate(Bound).Judge(Lines(2.0, before, validBefore, spots), Lines(1.9, after, validAfter, spots), 0.1);
        Assert.Equal(promote, verdict.Promote);
        if (says is not null)
            Assert.Contains(says, verdict.Reason, StringComparison.Ordinal);
        Assert.Equal(spots < 10, verdict.EditSimilarityGain is null);
    }

    [Fact]
    public void LinesThatDidNotParseBeforeDoNotCount()
    {
        EvaluationResult before = Lines(2.0, 0.5, 1), after = Lines(1.9, 0.5, 0);
        before = before with { Spots = [.. before.Spots.Select(s => s with { SyntaxValid = null })] };
        GateVerdict verdict = new PromotionGate(Bound).Judge(before, after, 0.1);
        Assert.True(verdict.Promote);
        Assert.Null(verdict.SyntaxValidGain);
    }

    [Fact]
    public void SpotsAreNotNeededOfTheModelInUse() =>
        Assert.True(new PromotionGate(Bound).Judge(Result(2.0, 0), Lines(1.9, 0, 0), 0.1).Promote);

    [Fact]
    public void OtherSpotsAreRefused() =>
        Assert.Throws<ArgumentException>(() => new PromotionGate(Bound).Judge(Lines(2.0, 0.5, 1, 20), Lines(1.9, 0.5, 1, 19), 0));

    [Fact]
    public void OtherSequencesAreRefused() =>
        Assert.Throws<ArgumentException>(() => new PromotionGate(Bound).Judge(Result(2.0, 0, 10), Result(1.9, 0, 9), 0));

    // Similarities lie about the mean, 0.05 on either side; the first results parse.
    private static EvaluationResult Lines(double loss, double similarity, double valid, int spots = 20) => Result(loss, 0) with
    {
        Spots = [.. Enumerable.Range(0, spots).Select(i => new SpotResult("x", 0, similarity + (i % 2 == 0 ? 0.05 : -0.05), 1, i < valid * spots))],
    };

    // 10 tokens each; the losses lie about the mean, half a spread on either side.
    private static EvaluationResult Result(double loss, double spread, int count = 20) =>
        new([], [.. Enumerable.Range(0, count).Select(i => new SequenceResult(10 * (loss + (i % 2 == 0 ? spread : -spread)), 10, 30))]);
}
