using CodeTuner.Assist.Tests.Fakes;
using CodeTuner.Assist.Text;
using CodeTuner.Models.Tokenizers;

namespace CodeTuner.Assist.Tests.Text;

public class TextRulesTests
{
    [Theory]
    [InlineData("f(a, f(a, f(a, ", "f(a, ")]
    [InlineData("1, 10, 10, 10, 10, 10", "1, 10")]
    [InlineData("x = 0000000000000000", "x = 0")]
    [InlineData("a();\nb();\na();\nb();\na();\nb();\n", "a();\nb();\n")]
    [InlineData("f(a, f(a, ", null)]
    [InlineData("x = 0x0000", null)]
    [InlineData("if x:\n                        ", null)]
    [InlineData("// --------------------------", null)]
    [InlineData("}\n}\n}\n}\n}\n}\n}\n", null)]
    [InlineData("", null)]
    public void Loops_are_found_and_unrolled(string text, string? once)
    {
        Assert.Equal(once is not null, Repetition.IsLooping(text));
        Assert.Equal(once ?? text, Repetition.Unrolled(text));
    }

    [Theory]
    [InlineData("x", 0)]
    [InlineData("    x", 4)]
    [InlineData("\tx", 4)]
    [InlineData("  \t x", 5)]
    [InlineData("", 0)]
    public void Indentation_is_measured_in_columns(string line, int width) => Assert.Equal(width, Indentation.Width(line));

    [Theory]
    [InlineData("int größe = 😀.x;")]
    [InlineData("日本語 text")]
    [InlineData("\tplain(ascii, line);")]
    public void Tokens_know_where_they_stand(string text)
    {
        Tokenizer tokenizer = new ScriptedModel("").Tokenizer;
        int[] ids = tokenizer.Encode(text);
        ScoredText scored = ScoredText.Of(tokenizer, ids, new float[ids.Length]);
        Assert.Equal(text.Length, scored.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            // A token of whole characters stands exactly where it says.
            string token = tokenizer.Decode(ids.AsSpan(i, 1));
            if (!token.Contains('\uFFFD', StringComparison.Ordinal))
                Assert.Equal(token, text.Substring(scored.Starts[i], token.Length));
        }
    }

    [Theory]
    [InlineData("a\nb\r\n\nc", new[] { "a", "b", "", "c" })]
    [InlineData("", new[] { "" })]
    [InlineData("a\n", new[] { "a", "" })]
    [InlineData("\r\n\r", new[] { "", "\r" })]
    public void Lines_lose_their_ends(string text, string[] expected)
    {
        DocumentLines lines = new(text);
        Assert.Equal(expected, Enumerable.Range(0, lines.Count).Select(i => lines.Line(i).ToString()));
        for (int at = 0; at <= text.Length; at++)
            Assert.Equal(text[..at].Count(c => c == '\n'), lines.At(at));
    }
}
