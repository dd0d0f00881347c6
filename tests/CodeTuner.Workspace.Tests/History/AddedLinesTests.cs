using CodeTuner.Workspace.History;

namespace CodeTuner.Workspace.Tests.History;

public sealed class AddedLinesTests : IDisposable
{
    private readonly TemporaryRepository repository = new();

    public void Dispose() => repository.Dispose();

    [Fact]
    public void LinesGoToTheCommitsThatAddedThem()
    {
        var first = repository.Commit("a.py", "one\ntwo\nthree\nfour\n");
        var second = repository.Commit("a.py", "one\nTWO\nthree\nfour\nfive\n");
        var third = repository.Commit("a.py", "zero\none\nTWO\nfour\nfive\n");
        Check("a.py", third, first, second, first, second);
    }

    [Fact]
    public void UncommittedLinesAreNewest()
    {
        var first = repository.Commit("a.py", "one\ntwo\nthree");
        repository.Write("a.py", "one\nnew\ntwo\nthree");
        repository.Write("b.py", "untracked\n");
        var history = Read("a.py", "b.py");
        Assert.Equal([first, "now", first, first], TemporaryRepository.Blame(history, "a.py"));
        Assert.Equal(["now"], TemporaryRepository.Blame(history, "b.py"));
        Assert.Same(GitCommit.WorkingTree, history.Commits[0]);
        Assert.True(history.IsComplete);
    }

    [Fact]
    public void RenamesAreFollowed()
    {
        var body = string.Concat(Enumerable.Range(0, 20).Select(i => $"line {i}\n"));
        var first = repository.Commit("old.py", body);
        repository.Git("mv", "old.py", "new name.py");
        repository.Commit();
        repository.Git("mv", "new name.py", "last.py");
        var third = repository.Commit("last.py", body + "added\n");
        var expected = Enumerable.Repeat(first, 20).Append(third).ToArray();
        Check("last.py", expected);
    }

    [Fact]
    public void SwappedFilesKeepTheirLines()
    {
        string a = string.Concat(Enumerable.Range(0, 9).Select(i => $"a{i}\n")), b = string.Concat(Enumerable.Range(0, 9).Select(i => $"b{i}\n"));
        var first = repository.Commit("a.py", a);
        var second = repository.Commit("b.py", b);
        repository.Write("a.py", b);
        repository.Write("b.py", a);
        var third = repository.Commit();

        // Git sees two rewritten files here, no renames: so does blame.
        Check("a.py", Enumerable.Repeat(third, 9).ToArray());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void MergedLinesGoToTheBranchsCommits()
    {
        var first = repository.Commit("a.py", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
        repository.Git("checkout", "--quiet", "-b", "topic");
        var topic = repository.Commit("a.py", "1\ntopic\n2\n3\n4\n5\n6\n7\n8\n9\n");
        var other = repository.Commit("b.py", "b\n");
        repository.Git("checkout", "--quiet", "main");
        var main = repository.Commit("a.py", "1\n2\n3\n4\n5\n6\n7\n8\nmain\n9\n");
        repository.Git("merge", "--quiet", "--no-edit", "topic");
        var last = repository.Commit("a.py", File.ReadAllText(repository.PathOf("a.py")) + "10\n");
        var history = Read("a.py", "b.py");
        Assert.Equal([first, topic, first, first, first, first, first, first, first, main, first, last], TemporaryRepository.Blame(history, "a.py"));
        Assert.Equal([other], TemporaryRepository.Blame(history, "b.py"));
    }

    [Fact]
    public void LinesWrittenWhileMergingAreTheMergesOwn()
    {
        repository.Commit("a.py", "1\n2\n3\n");
        repository.Git("checkout", "--quiet", "-b", "topic");
        var topic = repository.Commit("b.py", "topic\n");
        repository.Git("checkout", "--quiet", "main");
        repository.Commit("c.py", "main\n");
        repository.Git("merge", "--quiet", "--no-commit", "--no-ff", "topic");
        repository.Write("b.py", "topic\nevil\n");
        var merge = repository.Commit();
        Check("b.py", topic, merge);
    }

    /// <summary>Random histories with branches, merges and renames must come out as git's own blame has them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AgreesWithGitBlame(int seed)
    {
        var random = new Random(seed);
        var next = 0;
        var lines = Enumerable.Range(0, 40).Select(_ => $"line {next++}").ToList();
        repository.Commit("f.py", Text(lines));
        for (var round = 0; round < 6; round++)
        {
            // The branches change different halves, so that merging never conflicts.
            repository.Git("checkout", "--quiet", "-b", $"topic{round}");
            Change(fromStart: true);
            Change(fromStart: true);
            repository.Git("checkout", "--quiet", "main");
            Change(fromStart: false);
            repository.Git("merge", "--quiet", "--no-edit", $"topic{round}");
        }

        var expected = repository.Git("blame", "--line-porcelain", "f.py").Split('\n')
            .Where(l => l.Length > 41 && l[40] == ' ' && l[..40].All(char.IsAsciiHexDigitLower))
            .Select(l => l[..40])
            .ToArray();
        Assert.True(expected.Distinct().Count() > 8);
        Check("f.py", expected);

        void Change(bool fromStart)
        {
            var now = File.ReadAllLines(repository.PathOf("f.py")).ToList();
            var middle = now.IndexOf("line 20");
            for (var i = 0; i < 3; i++)
            {
                var at = fromStart ? random.Next(0, middle - 6) : random.Next(middle + 6, now.Count);
                if (random.Next(2) == 0)
                {
                    now.Insert(at, $"line {next++}");
                    middle = now.IndexOf("line 20");
                }
                else
                {
                    now[at] = $"line {next++}";
                }
            }

            repository.Commit("f.py", Text(now));
        }

        static string Text(List<string> lines) => string.Concat(lines.Select(l => l + "\n"));
    }

    [Theory]
    [InlineData("with space.py")]
    [InlineData("sub folder/größe-日本.py")]
    [InlineData("quote\"and\\back.py")]
    [InlineData("-dash.py")]
    public void OddPaths(string path)
    {
        if (OperatingSystem.IsWindows() && path.Contains('"'))
            return;
        var first = repository.Commit(path, "one\ntwo\n");
        var second = repository.Commit(path, "one\ntwo\nthree\n");
        Check(path, first, first, second);
    }

    [Fact]
    public void LinesThatLookLikePatchHeadersAreContent()
    {
        var first = repository.Commit("a.py", "-- a/x\n++ b/y\n@@ -1 +1 @@\ndiff --git a/x b/x\n\u0001mark\nlast");
        var second = repository.Commit("a.py", "-- changed\n++ changed\n@@ -1 +1 @@\ndiff --git a/x b/x\n\u0001mark\nlast\n");
        Check("a.py", second, second, first, first, first, second);
    }

    [Fact]
    public void OtherLineEndsAndByteOrderMarkAreNoChange()
    {
        var first = repository.Commit("a.py", "one\ntwo\n");
        File.WriteAllText(repository.PathOf("a.py"), "\uFEFFone\r\ntwo\r\nthree\r\n");
        Check("a.py", first, first, "now");
    }

    [Fact]
    public void SubfolderOfARepository()
    {
        repository.Write("top.py", "x\n");
        var first = repository.Commit("src/app/a.py", "one\n");
        var folder = repository.PathOf("src/app");
        var opened = GitRepository.TryOpen(folder)!;
        Assert.Equal("src/app/", opened.Prefix);
        var history = opened.AddedLines([repository.Document("a.py", folder)]);
        Assert.Equal([first], TemporaryRepository.Blame(history, "a.py"));
    }

    [Fact]
    public void RepositoryWithoutCommits()
    {
        repository.Write("a.py", "one\n");
        Assert.Null(GitRepository.TryOpen(repository.Folder)!.Head);
        Check("a.py", "now");
    }

    [Fact]
    public void DetachedHead()
    {
        var first = repository.Commit("a.py", "one\n");
        repository.Commit("a.py", "one\ntwo\n");
        repository.Git("checkout", "--quiet", "--detach", "HEAD~1");
        Check("a.py", first);
    }

    [Fact]
    public void ShallowClonesKnowOnlyTheirNewestCommits()
    {
        repository.Commit("a.py", "one\n");
        repository.Commit("a.py", "one\ntwo\n");
        var third = repository.Commit("a.py", "one\ntwo\nthree\n");
        using var clone = new TemporaryRepository(init: false);
        clone.Git("clone", "--quiet", "--depth=2", new Uri(repository.Folder).AbsoluteUri, clone.Folder);
        var opened = GitRepository.TryOpen(clone.Folder)!;
        Assert.True(opened.IsShallow);
        var history = opened.AddedLines([clone.Document("a.py")]);
        Assert.Equal(["older", "older", third], TemporaryRepository.Blame(history, "a.py"));
        Assert.False(history.IsComplete);
    }

    [Fact]
    public void ASubmodulesLinesAreNotCalledNew()
    {
        using var library = new TemporaryRepository();
        library.Commit("lib.py", "lib\n");
        repository.Git("submodule", "--quiet", "add", new Uri(library.Folder).AbsoluteUri, "lib");
        var first = repository.Commit("a.py", "one\n");
        var history = Read("a.py", "lib/lib.py");
        Assert.Equal([first], TemporaryRepository.Blame(history, "a.py"));
        Assert.Equal(["older"], TemporaryRepository.Blame(history, "lib/lib.py"));
    }

    [Fact]
    public void TheSearchIsBounded()
    {
        repository.Commit("a.py", "one\n");
        var second = repository.Commit("a.py", "one\ntwo\n");
        var opened = GitRepository.TryOpen(repository.Folder)!;
        SourceDocument[] documents = [repository.Document("a.py")];
        Assert.Equal(["older", second], TemporaryRepository.Blame(opened.AddedLines(documents, new() { MaxCommits = 1 }), "a.py"));
        Assert.Equal(["older", second], TemporaryRepository.Blame(opened.AddedLines(documents, new() { EnoughShare = 0.5 }), "a.py"));
    }

    [Theory]
    [InlineData(0.0, 0, 0)]
    [InlineData(0.1, 2, 2)]
    [InlineData(0.3, 3, 6)]
    [InlineData(1.0, 4, 20)]
    public void NewestShareIsTheNearest(double share, int commits, int lines)
    {
        repository.Commit("a.py", Lines("a", 14));
        repository.Commit("b.py", Lines("b", 4));
        repository.Commit("b.py", Lines("b", 4) + "\n\n  \nc1\nc2\n");
        var newest = Read("a.py", "b.py").NewestShare(share);
        Assert.Equal(commits, newest.Commits);
        Assert.Equal(lines / 20.0, newest.Share, 6);
        if (share == 0.1)
            Assert.Equal([new LineRange(4, 9)], newest.Files["b.py"]);
    }

    [Fact]
    public void AFirstImportIsNotHeldOutWhole()
    {
        repository.Commit("a.py", Lines("a", 30));
        var newest = Read("a.py").NewestShare(0.1);
        Assert.Empty(newest.Files);
        Assert.Equal(0, newest.Share);
    }

    [Fact]
    public void CancellationEndsTheSearch()
    {
        repository.Commit("a.py", "one\n");
        var opened = GitRepository.TryOpen(repository.Folder)!;
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => opened.AddedLines([repository.Document("a.py")], null, source.Token));
    }

    private static string Lines(string name, int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"{name}{i}\n"));

    private WorkspaceHistory Read(params string[] paths) =>
        GitRepository.TryOpen(repository.Folder)!.AddedLines(Array.ConvertAll(paths, p => repository.Document(p)));

    private void Check(string path, params string[] expected) => Assert.Equal(expected, TemporaryRepository.Blame(Read(path), path));
}
