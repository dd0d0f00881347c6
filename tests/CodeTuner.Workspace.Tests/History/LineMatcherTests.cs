using CodeTuner.Workspace.History;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Workspace.Tests.History;

public class LineMatcherTests
{
    [Theory]
    [InlineData("a b c", "a b c", "0 1 2")]
    [InlineData("a b c", "a x c", "0 - 2")]
    [InlineData("a b c", "c a b", "- 0 1")]
    [InlineData("a a b a a", "a a x b a a", "0 1 - 2 3 4")]
    [InlineData("x x y y", "y y x x", "2 3 - -")]
    [InlineData("a", "b", "-")]
    public void Cases(string before, string after, string expected) =>
        Assert.Equal(expected, string.Join(' ', LineMatcher.Match(before.Split(' '), after.Split(' ')).Select(i => i < 0 ? "-" : $"{i}")));

    [Fact]
    public void MatchesAreEqualLinesInOrder()
    {
        var texts = Gen.Choose(0, 5).Select(i => $"{i}").ArrayOf().ToArbitrary();
        Prop.ForAll(texts, texts, (before, after) =>
        {
            var match = LineMatcher.Match(before, after);
            var last = -1;
            for (var i = 0; i < after.Length; i++)
            {
                if (match[i] < 0)
                    continue;
                if (match[i] <= last || before[match[i]] != after[i])
                    return false;
                last = match[i];
            }

            return match.Length == after.Length;
        }).QuickCheckThrowOnFailure();
    }
}
