using CodeTuner.Models;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Tuning.Objectives;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Tuning.Tests.Objectives;

public class FimSpanSamplerTests
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.0)]
    public void SpansAreNeverBlankAndLieInTheText(double syntactic)
    {
        TrainingDocument document = Code.Training("a.cs", Code.Class(1));
        Assert.All(Draw(document, syntactic, 2000), s => Assert.False(string.IsNullOrWhiteSpace(document.Text[s.Start..s.End])));
    }

    [Fact]
    public void SyntacticSpansBeginAndEndAtTheUnits()
    {
        TrainingDocument document = Code.Training("a.cs", Code.Class(1));
        HashSet<int> ends = [.. SyntacticUnits.Of(document.Language, document.Text, OutlineParser.Parse(document.Language, document.Text)).Select(u => u.Span.End)];
        Assert.All(Draw(document, 1, 1000), s => Assert.Contains(s.End, ends));
        Assert.Contains(Draw(document, 0, 1000), s => !ends.Contains(s.End));
    }

    [Fact]
    public void WholeLinesAndRestsOfLinesAreBothDrawn()
    {
        TrainingDocument document = Code.Training("a.cs", Code.Class(1));
        List<TextSpan> lines = [.. Draw(document, 1, 1000).Where(s => document.Text[s.End] == '\n')];
        Assert.Contains(lines, s => string.IsNullOrWhiteSpace(Before(s)));
        Assert.Contains(lines, s => !string.IsNullOrWhiteSpace(Before(s)));

        string Before(TextSpan span) => document.Text[(document.Text.LastIndexOf('\n', span.Start - 1) + 1)..span.Start];
    }

    [Fact]
    public void RecentCodeIsDrawnMoreOften()
    {
        string text = Code.Class(1, methods: 20);
        TextSpan tail = new(text.Length * 9 / 10, text.Length);
        double Share(TrainingDocument d) => Draw(d, 0.7, 4000).Count(s => s.Start >= tail.Start) / 4000.0;
        double plain = Share(Code.Training("a.cs", text)), biased = Share(Code.Training("a.cs", text) with { Recent = [tail] });
        Assert.InRange(plain, 0.05, 0.15);
        Assert.InRange(biased, 2 * plain, 4 * plain);
    }

    [Fact]
    public void WindowsLineEndsAreLeftToTheTextAfter()
    {
        TrainingDocument document = Code.Training("a.cs", Code.Class(1).Replace("\n", "\r\n", StringComparison.Ordinal));
        Assert.All(Draw(document, 0.5, 3000).Where(s => s.End < document.Text.Length && document.Text[s.End] == '\n'), s => Assert.NotEqual('\r', document.Text[s.End - 1]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n \n")]
    public void NothingToDrawIsNull(string text) => Assert.Null(new FimSpanSampler(Code.Training("a.cs", text)).Draw(new RandomSequence(1), 0.7));

    private static IEnumerable<TextSpan> Draw(TrainingDocument document, double syntactic, int count)
    {
        FimSpanSampler sampler = new(document);
        RandomSequence random = new(9);
        for (int i = 0; i < count; i++)
        {
            if (sampler.Draw(random, syntactic) is { } span)
                yield return span;
        }
    }
}
