using CodeTuner.Assist.Generation;
using CodeTuner.Assist.Review;
using CodeTuner.Assist.Summary;
using CodeTuner.Assist.Tests.Fakes;
using CodeTuner.Assist.Translation;
using CodeTuner.Workspace.History;
using CodeTuner.Workspace.Languages;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Assist.Tests;

/// <summary>Whatever the document, the place and the model's answer, nothing throws and every edit lies inside the document.</summary>
public class AnyTextTests
{
    private static readonly string[] Paths = ["a.cs", "a.py", "a.ts", "a.js", "A.java", "a.go", "a.rs", "a.c", "a.cpp", "a.txt", ""];

    private static readonly string[] Pieces =
    [
        "{", "}", "(", ")", "\"", "'", "`", "/*", "*/", "// ", "///", "# ", "\"\"\"", "\n", "\r\n", "\r", "\t", "    ", " ", ";", ",", ":", "=",
        "function f() ", "class A ", "def f():", "fn f() ", "func F() ", "void F() ", "return x", "name", "Größe", "1", "😀", "\uD800", "\uDC00", "\0",
        "\uFEFF", "<|fim_middle|>", "<summary>", "add all. ", "@param ",
    ];

    private static readonly Arbitrary<(string Path, string Text, int Offset, string Answer)> Cases =
        (from path in Gen.Elements(Paths)
         from text in Gen.Elements(Pieces).ListOf().Select(string.Concat)
         from answer in Gen.Elements(Pieces).ListOf().Select(string.Concat)
         from offset in Gen.Choose(-3, text.Length + 5)
         select (path, text, offset, answer)).ToArbitrary();

    [Fact]
    public void No_summary_throws() => CheckAll(c =>
    {
        DeclarationSummary? summary = new SummaryEngine(new ScriptedModel(c.Answer)) { LeastRelevance = -1 }.Summarize(new SummaryRequest(c.Path, c.Text, c.Offset));
        summary?.Insertion?.Apply(c.Text);
        return summary is null || (summary.Text.Trim().Length > 0 && !summary.Text.Contains('\n', StringComparison.Ordinal));
    });

    [Fact]
    public void No_generation_throws() => CheckAll(c =>
    {
        GenerationOutcome outcome = new CommentGenerator(new ScriptedModel(c.Answer)).Generate(new GenerationRequest(c.Path, c.Text, c.Offset));
        outcome.Code?.Edit.Apply(c.Text);
        return outcome.Code is null ? outcome.Reason != NoCodeReason.None : outcome.Code.Text.Trim().Length > 0;
    });

    [Fact]
    public void No_review_throws() => CheckAll(c =>
    {
        ScriptedModel model = new(c.Answer) { LogProbability = -0.1f, Scored = (_, line) => -(line.Length % 7) };
        ReviewRequest request = new(c.Path, c.Text, [new LineRange(c.Offset, c.Offset + 20), new LineRange(0, 5), new LineRange(3, -4)]);
        string[] lines = c.Text.Split('\n');
        return new ReviewEngine(model, new ReviewOptions { MaxLines = 3 }).Review(request)
            .All(s => lines[s.Lines.Start].TrimEnd('\r') == s.Current.TrimEnd('\r') && !s.Replacement.Contains('\n', StringComparison.Ordinal));
    });

    [Fact]
    public void No_translation_throws() => CheckAll(c =>
    {
        Language target = LanguageTable.All[Math.Abs(c.Offset) % LanguageTable.All.Count].Language;
        string text = new Translator(new ScriptedModel(c.Answer)).Translate(new TranslationRequest(c.Path, c.Text, target)).Text;
        return text.Length == 0 || text.EndsWith('\n');
    });

    private static void CheckAll(Func<(string Path, string Text, int Offset, string Answer), bool> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(250).WithEndSize(60), Prop.ForAll(Cases, holds));
}
