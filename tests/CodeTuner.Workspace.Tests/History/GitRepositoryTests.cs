using System.Diagnostics;
using CodeTuner.Workspace.History;

namespace CodeTuner.Workspace.Tests.History;

public sealed class GitRepositoryTests
{
    [Fact]
    public void AFolderWithoutRepositorySaysSo()
    {
        using var folder = new TemporaryRepository(init: false);
        Assert.Null(GitRepository.TryOpen(folder.Folder, out var problem));
        Assert.Contains("not in a git repository", problem);
        Assert.Null(GitRepository.TryOpen(folder.PathOf("none"), out problem));
        Assert.Contains("does not exist", problem);
    }

    [Fact]
    public void ABareRepositoryIsNotOpened()
    {
        using var folder = new TemporaryRepository(init: false);
        folder.Git("init", "--quiet", "--bare", ".");
        Assert.Null(GitRepository.TryOpen(folder.Folder, out var problem));
        Assert.NotNull(problem);
    }

    /// <summary>A hostile repository sets every way in which reading it could run a program; none may leave its mark.</summary>
    [Fact]
    public void NothingInTheRepositoryIsRun()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var repository = new TemporaryRepository();
        var body = string.Concat(Enumerable.Range(0, 5).Select(i => $"line {i}\n"));
        repository.Commit("a.py", body);
        repository.Write("a.py", body + "last\n");
        repository.Write(".gitattributes", "*.py diff=evil filter=evil\n");
        repository.Commit();
        var mark = repository.PathOf("mark");
        var script = repository.PathOf("evil.sh");
        File.WriteAllText(script, $"#!/bin/sh\ntouch '{mark}'\ncat\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var name = $"'{script}'";
        foreach (var key in (string[])
            ["core.fsmonitor", "core.pager", "diff.external", "diff.evil.textconv", "diff.evil.command", "filter.evil.clean", "filter.evil.smudge",
             "core.sshCommand", "gpg.program", "core.askPass", "pager.log", "pager.cat-file", "core.editor", "alias.log"])
            repository.Git("config", key, key.StartsWith("alias", StringComparison.Ordinal) ? "!" + name : name);
        repository.Git("config", "log.showSignature", "true");
        repository.Git("config", "diff.noprefix", "true");
        repository.Git("config", "diff.orderFile", "missing");
        repository.Git("config", "color.ui", "always");
        Directory.CreateDirectory(repository.PathOf(".git/hooks"));
        foreach (var hook in (string[])["post-index-change", "fsmonitor-watchman", "reference-transaction"])
            File.Copy(script, repository.PathOf(".git/hooks/" + hook));
        File.Delete(mark);
        var opened = GitRepository.TryOpen(repository.Folder)!;
        var history = opened.AddedLines([repository.Document("a.py")]);
        Assert.False(File.Exists(mark), "a program of the repository was run");
        Assert.Equal(2, history.Files["a.py"].LineCommit.Distinct().Count());
        Assert.True(history.IsComplete);

        // The trap is a real one: git with the repository's own settings falls into it.
        repository.Git("config", "--unset", "diff.orderFile");
        repository.Git("config", "--unset", "log.showSignature");
        repository.Git("log", "-p", "--ext-diff");
        Assert.True(File.Exists(mark));
    }

    [Theory]
    [InlineData("a.py", 0, "a.py")]
    [InlineData("a/a.py", 2, "a.py")]
    [InlineData("a/with space.py\t", 2, "with space.py")]
    [InlineData("\"a/q\\\"b\\\\c\\t\\303\\274.py\"", 2, "q\"b\\c\tü.py")]
    [InlineData("/dev/null", 2, null)]
    public void PatchPaths(string written, int prefix, string? expected) =>
        Assert.Equal(expected, GitLog.PathOf(System.Text.Encoding.UTF8.GetBytes(written), prefix));

    [Fact]
    public void ThePathSearchTakesNoRelativeFolder()
    {
        using var folder = new TemporaryRepository(init: false);
        folder.Write("git", "");
        var here = Path.GetRelativePath(Environment.CurrentDirectory, folder.Folder);
        Assert.Null(GitProgram.Search(string.Join(Path.PathSeparator, here, ".", ""), windows: false));
        Assert.Equal(folder.PathOf("git"), GitProgram.Search(string.Join(Path.PathSeparator, ".", folder.Folder), windows: false));
    }

    /// <summary>A command that waits forever for input stands for a git that hangs.</summary>
    [Fact]
    public void ASilentCommandIsEnded()
    {
        using var repository = new TemporaryRepository();
        using var git = GitProcess.Start(repository.Folder, ["cat-file", "--batch"], CancellationToken.None, TimeSpan.FromMilliseconds(200));
        var watch = Stopwatch.StartNew();
        var error = Assert.Throws<GitException>(() => { git.Read(new byte[10]); });
        Assert.Contains("wrote nothing", error.Message);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void CancellationEndsAHangingCommand()
    {
        using var repository = new TemporaryRepository();
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        using var git = GitProcess.Start(repository.Folder, ["cat-file", "--batch"], source.Token);
        Assert.ThrowsAny<OperationCanceledException>(() => { git.Read(new byte[10]); });
    }

    [Fact]
    public void AFailingCommandTellsGitsReason()
    {
        using var repository = new TemporaryRepository();
        using var git = GitProcess.Start(repository.Folder, ["log", "nowhere"], CancellationToken.None);
        while (git.Read(new byte[100]) > 0)
        {
        }

        Assert.Contains("nowhere", Assert.Throws<GitException>(git.Finish).Message);
    }
}
