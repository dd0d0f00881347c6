using CodeTuner.Models.Generation;

namespace CodeTuner.Models.Tests.Generation;

public class GapStartTests
{
    // The prefix with | where the gap is wanted.
    [Theory]
    [InlineData("|", 4)]
    [InlineData("|x = ", 4)]
    [InlineData("a\nb\n|c\nd\ne\nf\nx", 4)]
    [InlineData("|a\nb\nx", 4)]
    [InlineData("a\nb\n|", 0)]
    [InlineData("a\n|b\n", 1)]
    [InlineData("a\n|\n\nx", 2)]
    [InlineData("|\nx", 1)]
    public void ItIsTheStartOfALineAbove(string text, int lines) => Check(text, lines, 1000, 0);

    [Theory]
    [InlineData("a\naaaa\n|bbbb\nx", 4, 6, 0)]
    [InlineData("a\n|aaaa\nbbbb\nx", 4, 11, 0)]
    [InlineData("a\nb\n|c\nd\nx", 4, 1000, 4)]
    [InlineData("a\nb\n|c\nd\nx", 4, 1000, 3)]
    [InlineData("aaaa\n|x", 4, 1000, 6)]
    public void ItIsNeitherTooFarNorTooEarly(string text, int lines, int characters, int earliest) => Check(text, lines, characters, earliest);

    private static void Check(string text, int lines, int characters, int earliest)
    {
        int wanted = text.IndexOf('|', StringComparison.Ordinal);
        Assert.Equal(wanted, GapStart.Above(text.Remove(wanted, 1), lines, characters, earliest));
    }
}
