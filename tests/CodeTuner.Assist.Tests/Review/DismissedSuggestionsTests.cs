using CodeTuner.Assist.Review;
using CodeTuner.Tests;

namespace CodeTuner.Assist.Tests.Review;

public class DismissedSuggestionsTests
{
    [Fact]
    public void What_was_dismissed_is_known_the_next_time()
    {
        using TemporaryFolder folder = new();
        string state = Path.Combine(folder.Path, "deep", "state");
        DismissedSuggestions first = new(state);
        Assert.False(first.Contains("ab12"));
        first.Add("ab12");
        first.Add("ab12");
        first.Add("cd34");
        DismissedSuggestions second = new(state);
        Assert.True(second.Contains("ab12"));
        Assert.True(second.Contains("cd34"));
        Assert.False(second.Contains("ef56"));
        Assert.Null(second.TakeProblem());
        Assert.Equal(["dismissed-suggestions.json"], Directory.GetFiles(state).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("{\"version\":1,\"finger")]
    [InlineData("[]")]
    [InlineData("{\"version\":2,\"fingerprints\":[\"a\"]}")]
    [InlineData("{\"version\":1,\"fingerprints\":[null]}")]
    [InlineData("")]
    public void A_damaged_file_is_set_aside_and_told_of_once(string content)
    {
        using TemporaryFolder folder = new();
        string file = folder.File("dismissed-suggestions.json", content);
        folder.File("dismissed-suggestions.damaged-1.json", "an older one");
        DismissedSuggestions dismissed = new(folder.Path);
        Assert.Contains(file, dismissed.TakeProblem(), StringComparison.Ordinal);
        Assert.Null(dismissed.TakeProblem());
        dismissed.Add("new");
        Assert.Equal(content, File.ReadAllText(Path.Combine(folder.Path, "dismissed-suggestions.damaged-2.json")));
        Assert.Equal("an older one", File.ReadAllText(Path.Combine(folder.Path, "dismissed-suggestions.damaged-1.json")));
        Assert.True(new DismissedSuggestions(folder.Path).Contains("new"));
    }

    [Fact]
    public void A_file_that_could_not_be_read_is_not_overwritten()
    {
        using TemporaryFolder folder = new();
        new DismissedSuggestions(folder.Path).Add("old");
        string file = Path.Combine(folder.Path, "dismissed-suggestions.json");
        DismissedSuggestions dismissed;
        using (new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            dismissed = new DismissedSuggestions(folder.Path);
            Assert.Contains("could not be read", dismissed.TakeProblem(), StringComparison.Ordinal);
            Assert.Throws<IOException>(() => dismissed.Add("new"));
            Assert.True(dismissed.Contains("new"));
        }

        dismissed.Add("newer");
        DismissedSuggestions later = new(folder.Path);
        Assert.True(later.Contains("old") && later.Contains("new") && later.Contains("newer"));
    }

    [Fact]
    public void Several_threads_may_use_it()
    {
        using TemporaryFolder folder = new();
        DismissedSuggestions dismissed = new(folder.Path);
        Parallel.For(0, 40, i => dismissed.Add($"f{i}"));
        DismissedSuggestions later = new(folder.Path);
        Assert.All(Enumerable.Range(0, 40), i => Assert.True(later.Contains($"f{i}")));
    }
}
