using CodeTuner.Workspace.History;

namespace CodeTuner.Workspace.Tests.History;

public class LineChangesTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("a\nb\n", "a\nb\n", "")]
    [InlineData("a\nb\n", "a\r\nb", "")]
    [InlineData("a\nb\nc\n", "a\nc\n", "")]
    [InlineData("a\nb\nc\n", "a\nX\nc\n", "1-2")]
    [InlineData("a\nb\n", "X\na\nb\nY\nZ\n", "0-1 3-5")]
    [InlineData("", "a\nb\n", "0-2")]
    [InlineData("a\nb\n", "", "")]
    public void Tells_new_and_changed_lines(string before, string after, string expected) =>
        Assert.Equal(expected, string.Join(' ', LineChanges.Between(before, after).Select(r => $"{r.Start}-{r.End}")));

    [Fact]
    public void Against_git_the_commit_counts_that_is_checked_out_now()
    {
        using TemporaryRepository repository = new();
        repository.Commit("code/a.py", "one\ntwo\nthree\n");
        GitRepository opened = GitRepository.TryOpen(repository.PathOf("code"))!;
        Assert.Empty(opened.ChangedSinceHead("a.py", "one\r\ntwo\r\nthree\r\n"));
        Assert.Equal([new LineRange(1, 2)], opened.ChangedSinceHead("a.py", "one\n2\nthree\n"));
        Assert.Equal([new LineRange(0, 2)], opened.ChangedSinceHead("new file.py", "one\ntwo\n"));
        repository.Commit("code/a.py", "one\n2\nthree\n");
        Assert.Empty(opened.ChangedSinceHead("a.py", "one\n2\nthree\n"));
    }

    [Fact]
    public void Without_a_commit_all_lines_are_new()
    {
        using TemporaryRepository repository = new();
        Assert.Equal([new LineRange(0, 1)], GitRepository.TryOpen(repository.Folder)!.ChangedSinceHead("a.py", "one\n"));
    }
}
