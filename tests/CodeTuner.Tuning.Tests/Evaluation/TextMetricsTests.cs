using System.Text.Json;
using CodeTuner.Tests;
using CodeTuner.Tuning.Evaluation;

namespace CodeTuner.Tuning.Tests.Evaluation;

/// <summary>Against sacrebleu's and rapidfuzz's own figures.</summary>
public class TextMetricsTests
{
    private const double Tolerance = 1e-6;

    private static readonly JsonElement Cases = Golden.Json("metrics", "cases.json");

    public static TheoryData<string, string, JsonElement> Lines()
    {
        TheoryData<string, string, JsonElement> lines = [];
        foreach (JsonElement c in Cases.GetProperty("cases").EnumerateArray())
            lines.Add(c.GetProperty("hypothesis").GetString()!, c.GetProperty("reference").GetString()!, c);
        return lines;
    }

    [Theory]
    [MemberData(nameof(Lines), DisableDiscoveryEnumeration = true)]
    public void LinesAgree(string hypothesis, string reference, JsonElement expected)
    {
        Assert.Equal(expected.GetProperty("levenshtein").GetInt32(), EditDistance.Levenshtein(hypothesis, reference));
        Assert.Equal(expected.GetProperty("levenshtein_similarity").GetDouble(), EditDistance.Similarity(hypothesis, reference), Tolerance);
        Assert.Equal(expected.GetProperty("indel_ratio").GetDouble(), EditDistance.IndelRatio(hypothesis, reference), Tolerance);
        Assert.Equal(expected.GetProperty("sentence_chrf").GetDouble(), ChrF.Sentence(hypothesis, reference), Tolerance);
        Assert.Equal(expected.GetProperty("sentence_bleu_exp").GetDouble(), Bleu.Sentence(hypothesis, reference), Tolerance);
    }

    [Fact]
    public void CorporaAgree()
    {
        (string, string)[] pairs =
            [.. Cases.GetProperty("cases").EnumerateArray().Select(c => (c.GetProperty("hypothesis").GetString()!, c.GetProperty("reference").GetString()!))];
        Assert.NotEmpty(pairs);
        Assert.Equal(Cases.GetProperty("corpus_bleu_13a").GetDouble(), Bleu.Corpus(pairs), Tolerance);
        Assert.Equal(Cases.GetProperty("corpus_chrf").GetDouble(), ChrF.Corpus(pairs), Tolerance);
    }

    [Theory]
    [InlineData("", "", 0, 1, 1)]
    [InlineData("", "abc", 3, 0, 0)]
    [InlineData("kitten", "sitting", 3, 4.0 / 7, 1 - (5.0 / 13))]
    [InlineData("a😀b", "a😁b", 1, 2.0 / 3, 2.0 / 3)] // a character outside the BMP counts once
    public void Distances(string a, string b, int levenshtein, double similarity, double indel)
    {
        Assert.Equal(levenshtein, EditDistance.Levenshtein(a, b));
        Assert.Equal(levenshtein, EditDistance.Levenshtein(b, a));
        Assert.Equal(similarity, EditDistance.Similarity(a, b), 12);
        Assert.Equal(indel, EditDistance.IndelRatio(a, b), 12);
    }

    [Theory]
    [InlineData("x = a.b(c);", "x = a . b ( c ) ;")]
    [InlineData("1.5 and 2,000", "1.5 and 2,000")]
    [InlineData("end.", "end .")]
    [InlineData("3-4 a-b", "3 - 4 a-b")]
    [InlineData("&lt;T&gt; &amp;&quot;", "< T > & \"")]
    public void Tokens13a(string line, string expected) => Assert.Equal(expected, string.Join(' ', Bleu.Tokens(line)));

    [Theory]
    [InlineData("", "")]
    [InlineData("   ", "a b")]
    [InlineData("a b", "")]
    public void NothingInCommonIsZero(string hypothesis, string reference)
    {
        Assert.Equal(0, Bleu.Sentence(hypothesis, reference));
        Assert.Equal(0, ChrF.Sentence(hypothesis, reference));
    }
}
