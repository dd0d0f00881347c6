using System.Text.Json;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Tuning.Evaluation;
using CodeTuner.Tuning.Gate;
using CodeTuner.Tuning.Json;
using CodeTuner.Workspace;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Tuning.Tests.Evaluation;

/// <summary>Whole evaluations of models that count.</summary>
public class EvaluatorTests
{
    private static readonly SourceDocument[] HeldOutFiles = [.. Enumerable.Range(1, 6).Select(i => Code.Document($"{i}.cs", Code.Class((ulong)i)))];
    private static readonly HeldOutDocument[] HeldOut = [.. HeldOutFiles.Select(d => new HeldOutDocument(d, [new(0, d.Text.Length)]))];
    private static readonly List<EvaluationSpot> Spots = SpotSelector.Select(HeldOut, 30);
    private static readonly List<HeldOutSequence> Sequences = SequenceSelector.Select(HeldOut, new ByteTokenizer(), ByteTokenizer.Format, 256, 40);

    [Fact]
    public void ModelThatReadTheHeldOutCodeIsBetterAndPromoted()
    {
        using ContextModel ignorant = new(Code.Class(100)), knowing = new([Code.Class(100), .. HeldOutFiles.Select(d => d.Text)]);
        Evaluator evaluator = new(lineTokens: 120);
        EvaluationResult before = evaluator.Evaluate(ignorant, Spots, Sequences), after = evaluator.Evaluate(knowing, Spots, Sequences);
        EvaluationComparison comparison = EvaluationComparison.Of(before, after);
        Assert.True(comparison.LossGain.Low > 0.2, comparison.ToString());
        Assert.True(comparison.BitsPerByteGain.Low > 0, comparison.ToString());
        Assert.True(comparison.ExactMatchGain.Low > 0, comparison.ToString());
        Assert.True(comparison.EditSimilarityGain.Low > 0, comparison.ToString());
        Assert.True(after.ExactMatch().Value > 0.5);
        Assert.Equal(before.Loss().Value - after.Loss().Value, comparison.LossGain.Value, 9);
        Assert.True(new PromotionGate(0.5).Judge(before, after, 0.1).Promote);
        Assert.False(new PromotionGate(0.5).Judge(after, before, 0.1).Promote);
        Assert.False(new PromotionGate(0.5).Judge(before, before, 0).Promote);

        // Pairing takes out how hard the sequences are.
        Assert.True(comparison.LossGain.High - comparison.LossGain.Low < (before.Loss().High - before.Loss().Low) + (after.Loss().High - after.Loss().Low));
    }

    [Fact]
    public void SpotIsMeasuredAgainstWhatStoodThere()
    {
        const string Text = "class A\n{\n    int total = left + right;\n}\n";
        EvaluationSpot spot = SpotIn(Text, "left + right;");
        using ContextModel model = new(Text);
        SpotResult result = Assert.Single(new Evaluator().Evaluate(model, [spot], []).Spots);
        Assert.Equal(new SpotResult("left + right;", 1, 1, 1, true), result);
        Assert.Equal("<|file_sep|>a.cs\n<|fim_prefix|><|fim_suffix|>\n}\n<|fim_middle|>class A\n{\n    int total = ", Assert.Single(model.Prompts));
    }

    [Fact]
    public void AnotherLineIsMeasuredByHowAlikeItIs()
    {
        EvaluationSpot spot = SpotIn("class A\n{\n    int total = left + right;\n}\n", "left + right;");
        using ContextModel model = new("class A\n{\n    int total = left + (wrong;\n}\n");
        SpotResult result = Assert.Single(new Evaluator().Evaluate(model, [spot], []).Spots);
        Assert.Equal("left + (wrong;", result.Text);
        Assert.Equal(0, result.ExactMatch);
        Assert.Equal(EditDistance.Similarity("left + (wrong;", "left + right;"), result.EditSimilarity, 12);
        Assert.Equal(0.5, result.IdentifierF1, 12); // left of {left, wrong} and {left, right}
        Assert.False(result.SyntaxValid);
    }

    [Fact]
    public void FileThatDidNotParseBeforeSaysNothingOfSyntax()
    {
        const string Text = "class A\n{\n    int total = left + right;\n";
        using ContextModel model = new(Text);
        EvaluationResult result = new Evaluator().Evaluate(model, [SpotIn(Text, "left + right;")], []);
        Assert.Null(result.Spots[0].SyntaxValid);
        Assert.Equal(new Interval(0, 0, 0), result.SyntaxValid());
    }

    [Fact]
    public void LossIsThatOfTheCountedTokens()
    {
        using ContextModel model = new("abcabc");
        int[] ids = [97, 98, 99, 97, 120];
        float[] scores = model.Score(ids);
        EvaluationResult result = new Evaluator().Evaluate(model, [], [new HeldOutSequence("a", ids, 3, 2), new HeldOutSequence("a", ids, 1, 4)]);
        Assert.Equal(-(scores[2] + scores[3]), result.Sequences[0].Nats, 6);
        Assert.Equal(2, result.Sequences[0].Tokens);
        double nats = result.Sequences.Sum(s => s.Nats);
        Assert.Equal(nats / 6, result.Loss().Value, 6);
        Assert.Equal(Math.Exp(nats / 6), result.Perplexity().Value, 6);
        Assert.Equal(nats / Math.Log(2) / 6, result.BitsPerByte().Value, 6);
    }

    [Fact]
    public void ForgettingIsTheMeanLogRatio()
    {
        using ContextModel model = new("aab"), other = new("zzz");
        int[][] samples = [[97, 97, 98], [97, 98]];
        List<float[]> scores = [.. samples.Select(s => model.Score(s))];
        Assert.Equal(0, Evaluator.Forgetting(samples, scores, model), 9);
        double expected = samples.Select((s, i) => scores[i].Sum() - other.Score(s).Sum()).Sum() / 3;
        Assert.Equal(expected, Evaluator.Forgetting(samples, scores, other), 5);
        Assert.True(expected > 0.5);
        Assert.Equal(0, Evaluator.Forgetting([], [], model));
    }

    [Fact]
    public void ReportsProgressAndStops()
    {
        using ContextModel model = new(Code.Class(100));
        List<double> shares = [];
        new Evaluator().Evaluate(model, Spots.GetRange(0, 3), Sequences.GetRange(0, 2), shares.Add);
        Assert.Equal([0.2, 0.4, 0.6, 0.8, 1.0], shares.Select(s => Math.Round(s, 9)));
        using CancellationTokenSource cancel = new();
        Assert.Throws<OperationCanceledException>(() => new Evaluator().Evaluate(model, Spots, Sequences, share => cancel.Cancel(), cancel.Token));
    }

    [Fact]
    public void ResultsSurviveTheirFile()
    {
        using ContextModel model = new(Code.Class(100));
        EvaluationResult result = new Evaluator().Evaluate(model, Spots.GetRange(0, 5), Sequences.GetRange(0, 5));
        EvaluationResult read = JsonSerializer.Deserialize(JsonSerializer.Serialize(result, TuningJson.Default.EvaluationResult), TuningJson.Default.EvaluationResult)!;
        Assert.Equal(result.Spots, read.Spots);
        Assert.Equal(result.Sequences, read.Sequences);
        EvaluationComparison comparison = EvaluationComparison.Of(result, read);
        Assert.Equal(comparison, JsonSerializer.Deserialize(JsonSerializer.Serialize(comparison, TuningJson.Default.EvaluationComparison), TuningJson.Default.EvaluationComparison));
        Assert.Equal(new Interval(0, 0, 0), comparison.LossGain);
    }

    private static EvaluationSpot SpotIn(string text, string reference)
    {
        int at = text.IndexOf(reference, StringComparison.Ordinal);
        return new EvaluationSpot("a.cs", Language.CSharp, 3, text[..at], reference, text[(at + reference.Length)..]);
    }
}
