using CodeTuner.Tuning.Evaluation;

namespace CodeTuner.Tuning.Tests.Evaluation;

/// <summary>Corners that the reference cases have not.</summary>
public class TextMetricsTests
{
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
