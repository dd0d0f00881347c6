using CodeTuner.Assist.Completion;
using CodeTuner.Models.Generation;

namespace CodeTuner.Assist.Tests.Completion;

/// <summary>How long the gap of a prompt stays where it began, and when other files are looked at again.</summary>
public class PromptAnchorsTests
{
    private readonly PromptAnchors anchors = new();
    private int found;

    [Fact]
    public void TheGapBeginsFourLinesAbove()
    {
        string prefix = Lines(10) + "    var x";
        Assert.Equal(Lines(6).Length, Gap(prefix));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("int a", 0)]
    [InlineData("int a;\nint b", 0)]
    [InlineData("\n\n\n\n\n\nx", 2)]
    public void NeverBeforeTheText(string prefix, int expected) => Assert.Equal(expected, Gap(prefix));

    [Fact]
    public void ALongLineIsNoPartOfTheGap()
    {
        string above = Lines(5) + new string('x', 600) + "\n";
        Assert.Equal(above.Length, Gap(above + "int a"));
    }

    [Fact]
    public void WritingOnLeavesTheGapAndWhatIsShown()
    {
        int gap = Gap(Lines(10));
        for (int lines = 10; lines <= 22; lines++)
            Assert.Equal(gap, Gap(Lines(lines) + "    typ"));
        Assert.Equal(gap, Gap(Lines(8))); // deleted again
        Assert.Equal(1, found);
    }

    [Fact]
    public void ManyLinesMoveTheGapButNotWhatIsShown()
    {
        int gap = Gap(Lines(10));
        Assert.Equal(Lines(24).Length, Gap(Lines(28)));
        Assert.NotEqual(gap, Lines(24).Length);
        Assert.Equal(1, found);
    }

    [Fact]
    public void OtherTextAroundMovesTheGap()
    {
        Gap(Lines(10));
        string other = "using System;\n" + Lines(14);
        Assert.Equal(other.Length - (Lines(14).Length - Lines(10).Length), Gap(other));
        Assert.Equal(Lines(14).Length, Gap(Lines(18), suffix: "\n}"));
    }

    [Fact]
    public void FarAwayOtherFilesAreLookedAtAgain()
    {
        Gap(Lines(10));
        Gap(Lines(500));
        Assert.Equal(2, found);
    }

    [Fact]
    public void WhereOtherFilesChangedTheyAreLookedAtAgain()
    {
        Gap(Lines(10));
        Gap(Lines(10), version: 2);
        Gap(Lines(11), version: 2);
        Assert.Equal(2, found);
    }

    [Fact]
    public void EachFileHasItsOwn()
    {
        int a = Gap(Lines(10)), b = Gap(Lines(30), path: "b.cs");
        Assert.Equal(a, Gap(Lines(12)));
        Assert.Equal(b, Gap(Lines(33), path: "b.cs"));
        Assert.Equal(2, found);
    }

    private static string Lines(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"    int value{i:D4} = {i:D4};\n"));

    private int Gap(string prefix, string suffix = "\n", string path = "a.cs", long version = 1)
    {
        (int gap, IReadOnlyList<ContextSnippet>? context) = anchors.For(new CompletionRequest(path, prefix, suffix), version, () =>
        {
            found++;
            return [new ContextSnippet("other.cs", "class Other;")];
        });
        Assert.NotNull(context);
        return gap;
    }
}
