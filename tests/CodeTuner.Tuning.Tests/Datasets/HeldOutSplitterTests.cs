using System.Diagnostics;
using CodeTuner.Tests;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Workspace.History;
using CodeTuner.Workspace.Scanning;

namespace CodeTuner.Tuning.Tests.Datasets;

public class HeldOutSplitterTests
{
    [Fact]
    public void The_newest_commits_code_is_held_out_and_not_trained_on()
    {
        using TemporaryFolder folder = new();
        Git(folder.Path, "init", "-q");
        for (int i = 0; i < 12; i++)
        {
            folder.File($"file{i}.py", Functions(i * 100, 20));
            Git(folder.Path, "add", ".");
            Git(folder.Path, "commit", "-q", "-m", $"Add {i}");
        }

        folder.File("file3.py", Functions(300, 20) + Functions(9000, 8));
        folder.File("copy.py", Functions(9500, 12));
        Git(folder.Path, "add", ".");
        Git(folder.Path, "commit", "-q", "-m", "Add the newest");
        HeldOutSplit split = Split(folder.Path);
        Assert.True(split.ByTime);
        string training = string.Concat(split.Training.Select(t => t.Text));
        Assert.DoesNotContain("function_9003", training, StringComparison.Ordinal);
        Assert.DoesNotContain("function_9503", training, StringComparison.Ordinal);
        Assert.Contains("function_310", training, StringComparison.Ordinal);
        string held = string.Concat(split.HeldOut.SelectMany(h => h.Spans.Select(s => h.Document.Text[s.Start..s.End])));
        Assert.Contains("function_9003", held, StringComparison.Ordinal);
        Assert.DoesNotContain("function_310", held, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_git_whole_files_are_held_out_the_same_ones_every_time()
    {
        using TemporaryFolder folder = new();
        for (int i = 0; i < 20; i++)
            folder.File($"file{i}.py", Functions(i * 100, 10));
        HeldOutSplit first = Split(folder.Path), second = Split(folder.Path);
        Assert.False(first.ByTime);
        Assert.Equal(first.HeldOut.Select(h => h.Document.Path), second.HeldOut.Select(h => h.Document.Path));
        Assert.NotEmpty(first.HeldOut);
        Assert.Empty(first.HeldOut.Select(h => h.Document.Path).Intersect(first.Training.Select(t => t.Path)));
    }

    [Fact]
    public void A_function_that_copies_held_out_code_is_not_trained_on()
    {
        using TemporaryFolder folder = new();
        for (int i = 0; i < 20; i++)
            folder.File($"file{i}.py", Functions(i * 100, 10));
        string held = Split(folder.Path).HeldOut[0].Document.Path;
        string copied = File.ReadAllText(Path.Combine(folder.Path, held)).Split("\n\n")[2];
        folder.File("zz/with_copy.py", Functions(7000, 30) + copied + "\n");
        HeldOutSplit split = Split(folder.Path);
        Assert.Contains(split.HeldOut, h => h.Document.Path == held);
        string name = copied.Split('(')[0] + "(";
        Assert.DoesNotContain(split.Training, t => t.Text.Contains(name, StringComparison.Ordinal));
        Assert.Contains(split.Training, t => t.Text.Contains("function_7010", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "no code to learn from")]
    [InlineData("x = 1\n", "too little code")]
    public void Too_little_code_is_said(string text, string says)
    {
        using TemporaryFolder folder = new();
        if (text.Length > 0)
            folder.File("only.py", text);
        Assert.Contains(says, Assert.Throws<TuningException>(() => Split(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static HeldOutSplit Split(string folder) =>
        HeldOutSplitter.Split(WorkspaceScanner.Scan(folder).Documents, GitRepository.TryOpen(folder));

    // Each function differs enough from the others not to be a duplicate.
    private static string Functions(int first, int count) => string.Concat(Enumerable.Range(first, count).Select(i =>
        $"def function_{i}(value_{i}, other_{i * 7}):\n    total_{i} = value_{i} * {i * 31} + other_{i * 7} - {i * 17}\n    for step_{i} in range({i}):\n        total_{i} += step_{i} ** {i % 9}\n    return total_{i}\n\n"));

    private static void Git(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new("git") { WorkingDirectory = folder };
        foreach (string argument in (string[])["-c", "user.name=Test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false", .. arguments])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
