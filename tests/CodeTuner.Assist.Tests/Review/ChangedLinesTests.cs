using System.Diagnostics;
using CodeTuner.Assist.Review;
using CodeTuner.Tests;
using CodeTuner.Workspace.History;

namespace CodeTuner.Assist.Tests.Review;

public class ChangedLinesTests
{
    [Fact]
    public void Without_git_the_text_at_open_counts() =>
        Assert.Equal([new LineRange(1, 2)], ChangedLines.Of(null, "a.py", "one\ntwo\n", "one\n2\n"));

    [Fact]
    public void With_git_the_commit_counts_and_where_git_fails_the_text_at_open()
    {
        using TemporaryFolder folder = new();
        folder.File("a.py", "one\ntwo\n");
        Git(folder.Path, "init", "--quiet");
        Git(folder.Path, "add", "a.py");
        Git(folder.Path, "-c", "user.name=Test", "-c", "user.email=test@example.invalid", "commit", "--quiet", "-m", "first");
        GitRepository repository = GitRepository.TryOpen(folder.Path)!;
        Assert.Equal([new LineRange(0, 1)], ChangedLines.Of(repository, "a.py", "1\ntwo\n", "1\ntwo\n"));
        Directory.Move(Path.Combine(folder.Path, ".git"), Path.Combine(folder.Path, "git"));
        Assert.Equal([new LineRange(1, 2)], ChangedLines.Of(repository, "a.py", "1\ntwo\n", "1\n2\n"));
    }

    private static void Git(string folder, params string[] arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = folder })!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
