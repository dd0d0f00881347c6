using System.Diagnostics;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;
using CodeTuner.Workspace.Outline.Lexing;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Workspace.Tests.Outline;

/// <summary>Whatever the text, nothing throws, every span keeps the outline's promises, and the time stays linear.</summary>
public class RobustnessTests
{
    private static readonly string[] Pieces =
    [
        "{", "}", "(", ")", "[", "]", "<", ">", "\"", "'", "`", "${", "/*", "*/", "//", "///", "#", "\\", "\n", "\r\n", "\t", "    ", " ", ";", ",",
        ":", "=", "=>", "->", "::", ".", "@", "!", "?", "r#\"", "R\"x(", "'''", "\"\"\"", "f\"", "#if 0\n", "#else\n", "#endif\n", "<div>", "</div>", "<a ",
        "/>", "function ", "class ", "def ", "fn ", "impl ", "func ", "type ", "struct ", "enum ", "interface ", "record ", "operator", "template ",
        "namespace ", "const ", "async ", "return ", "new ", "for ", "if ", "name", "Größe", "x", "1", "0x1F", "1e+5", "😀", "\uD800", "\0", "\u2028",
    ];

    public static TheoryData<Language> Languages => new(Samples.Languages);

    [Theory]
    [MemberData(nameof(Languages))]
    public void PromisesHoldForAnyText(Language language)
    {
        var texts = Gen.Elements(Pieces).ListOf().Select(string.Concat).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200), Prop.ForAll(texts, text => Promises(language, text)));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void PromisesHoldForMutilatedCode(Language language)
    {
        var whole = Samples.Of(language);
        var cuts = (from at in Gen.Choose(0, whole.Length)
                    from length in Gen.Choose(0, 60)
                    from piece in Gen.Elements(Pieces)
                    select whole[..at] + piece + whole[Math.Min(whole.Length, at + length)..])
            .ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(cuts, text => Promises(language, text)));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void PromisesHoldForEveryBeginning(Language language)
    {
        var whole = Samples.Of(language);
        for (var length = 0; length < whole.Length; length += 3)
            Assert.True(Promises(language, whole[..length]), $"cut at {length}");
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void DeepNestingAndLongRunsTakeLinearTime(Language language)
    {
        string[] texts =
        [
            Repeat("{", 50_000), Repeat("(", 50_000), Repeat("}", 50_000), Repeat("{(", 25_000) + Repeat(")}", 25_000), Repeat("{((", 9_000) + Repeat("]]", 9_000),
            Repeat("a = ", 25_000), Repeat("fn f() -> ", 10_000), Repeat("function f(", 9_000), Repeat("class A {", 9_000), Repeat("def f():\n ", 9_000),
            Repeat("`${", 20_000), Repeat("<a>", 20_000), Repeat("<a b={", 9_000), Repeat("a<", 25_000), Repeat("@a(", 20_000), Repeat("'", 50_000),
            Repeat("/* ", 20_000), Repeat("#if 0\n", 10_000), Repeat("/// a\n", 10_000) + "fn f() {}", Repeat("x = () => ", 9_000), Repeat("a.b.", 20_000),
            Repeat("template <class T> ", 5_000), Repeat("R\"(", 9_000), Repeat("impl ", 20_000), Repeat("a: b => ", 9_000),
            string.Concat(Enumerable.Range(0, 300).Select(i => new string(' ', i) + "if x:\n")), Repeat("a + ", 20_000),
        ];
        foreach (var text in texts)
        {
            var watch = Stopwatch.StartNew();
            Assert.True(Promises(language, text), text[..12]);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{language} {text[..12]}: {watch.Elapsed}");
        }
    }

    /// <summary>The bar is far below what is reached, so that a busy machine passes; a quadratic step would miss it by far.</summary>
    [Theory]
    [MemberData(nameof(Languages))]
    public void AMegabyteIsRead(Language language)
    {
        var sample = Samples.Of(language) + "\n";
        var text = Repeat(sample, (1 << 20) / sample.Length);
        OutlineParser.Parse(language, sample);
        var watch = Stopwatch.StartNew();
        var outline = OutlineParser.Parse(language, text);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
        Assert.True(outline.Count > 100 || language == Language.CSharp);
    }

    private static string Repeat(string piece, int count) => string.Concat(Enumerable.Repeat(piece, count));

    private static bool Promises(Language language, string text)
    {
        var end = 0;
        foreach (var token in language == Language.CSharp ? CSharpLexer.Run(text) : Lexer.Run(language, text))
        {
            Assert.True(token.Start >= end && token.End > token.Start && token.End <= text.Length, $"token {token}");
            end = token.End;
        }

        var outline = OutlineParser.Parse(language, text);
        CheckSiblings(outline, new TextSpan(0, text.Length));
        SyntaxCheck.IsValid(language, text);
        var previous = 0;
        foreach (var unit in SyntacticUnits.Of(language, text, outline))
        {
            Assert.True(unit.Span.Start >= previous && unit.Span.End > unit.Span.Start && unit.Span.End <= text.Length, $"{unit}");
            Assert.False(char.IsWhiteSpace(text[unit.Span.Start]) || char.IsWhiteSpace(text[unit.Span.End - 1]), $"{unit}");
            previous = unit.Span.Start;
        }

        var bounds = SyntacticBounds.Of(language, text, outline);
        foreach (var kind in Enum.GetValues<SyntacticBoundKind>())
        {
            for (var position = 0; position <= text.Length; position += 1 + text.Length / 7)
            {
                var (before, after) = (bounds.AtOrBefore(position, kind), bounds.AtOrAfter(position, kind));
                Assert.True(before >= 0 && before <= position && position <= after && after <= text.Length, $"{before} {position} {after}");
            }
        }

        return true;
    }

    private static void CheckSiblings(IReadOnlyList<OutlineNode> nodes, TextSpan parent)
    {
        var at = parent.Start;
        foreach (var node in nodes)
        {
            Assert.True(node.Span.Start >= at && node.Span.End > node.Span.Start && node.Span.End <= parent.End, $"{node.Name} {node.Span}");
            Assert.True(Inside(node.NameSpan, node.Span), $"name {node.Name}");
            Assert.True(node.Body is not { } body || Inside(body, node.Span), $"body {node.Name}");
            Assert.True(node.DocComment is not { } doc || Inside(doc, parent), $"doc {node.Name}");
            CheckSiblings(node.Children, node.Span);
            at = node.Span.End;
        }
    }

    private static bool Inside(TextSpan inner, TextSpan outer) => inner.Start >= outer.Start && inner.Start <= inner.End && inner.End <= outer.End;
}
