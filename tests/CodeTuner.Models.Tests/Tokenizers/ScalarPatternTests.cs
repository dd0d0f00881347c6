using CodeTuner.Models.Tokenizers;

namespace CodeTuner.Models.Tests.Tokenizers;

public class ScalarPatternTests
{
    private const string Cl100k =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+";

    private const string O200k =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}|\s+(?!\S)|\s+";

    public static TheoryData<string, string, string[]> Cuts => new()
    {
        { PreTokenizer.Gpt2Pattern, "I'll  go\n\n x1", ["I", "'ll", " ", " go", "\n\n", " x", "1"] },
        { PreTokenizer.Gpt2Pattern, "WE'RE", ["WE", "'", "RE"] },
        { PreTokenizer.Gpt2Pattern, "ab\U00020000cd", ["ab\U00020000cd"] }, // a letter outside the basic plane is one scalar
        { PreTokenizer.Gpt2Pattern, " \U0001F600\U0001D7D8", [" \U0001F600", "\U0001D7D8"] },
        { Cl100k, "12345'S", ["123", "45", "'S"] },
        { Cl100k, "'\u017F", ["'\u017F"] }, // the long s folds to s
        { O200k, "HTTPServer's getX", ["HTTPServer's", " get", "X"] },
        { @"\s+(?!\S)|\s+", "   x", ["  ", " ", "x"] },
        { @"a?(?=b)", "ab", ["a", "b"] },
        { @"[^\S\n]+", "a \t\nb", ["a", " \t", "\nb"] },
        { @"[\P{L}x]+", "abx1", ["ab", "x1"] },
        { @"[一-龥]+", "中文ab", ["中文", "ab"] },
        { @"(?:ab|a)c", "acabc", ["ac", "abc"] },
        { @"\.\-[\]\-a]", "x.-]", ["x", ".-]"] },
        { @"\d{2,}", "1 22 333", ["1 ", "22", " ", "333"] },
    };

    public static TheoryData<string> Refused =>
    [
        "(?<=a)b", "a*?", "(ab)+", "^a", "a$", ".", @"\w+", @"\p{Han}", "[a", "(a", "a)", @"\p{", @"a\", "[[:alpha:]]", "a{3,1}", "a**", "[b-a]", "(?i:é)", "a{99999999999}", "[]", @"\1",
    ];

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Cuts_where_the_pattern_matches(string pattern, string text, string[] wanted)
    {
        List<TextSpan> words = [];
        new SplitPreTokenizer(ScalarPatternParser.Parse(pattern), keepMatches: true, keepGaps: true).Cut(text, new TextSpan(0, text.Length), words);
        Assert.Equal(wanted, words.Select(w => text.Substring(w.Start, w.Length)));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refuses_what_it_does_not_read(string pattern)
    {
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => ScalarPatternParser.Parse(pattern));
        Assert.Contains("character", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Looks_at_nothing_outside_the_part()
    {
        List<TextSpan> words = [];
        new SplitPreTokenizer(ScalarPatternParser.Parse(@"\s+(?!\S)|\s+"), keepMatches: true, keepGaps: true).Cut("a   b", new TextSpan(1, 3), words);
        Assert.Equal([new TextSpan(1, 3)], words);
    }

    [Fact]
    public void A_long_run_does_not_exhaust_the_stack()
    {
        string text = new(' ', 200_000);
        List<TextSpan> words = [];
        new SplitPreTokenizer(ScalarPatternParser.Parse(PreTokenizer.Gpt2Pattern), keepMatches: true, keepGaps: true)
            .Cut(text, new TextSpan(0, text.Length), words);
        Assert.Equal([new TextSpan(0, text.Length)], words);
    }
}
