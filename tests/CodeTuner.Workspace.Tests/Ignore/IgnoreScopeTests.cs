using CodeTuner.Tests;
using CodeTuner.Workspace.Ignore;

namespace CodeTuner.Workspace.Tests.Ignore;

/// <summary>The rules of gitignore(5), one at a time, outside any repository.</summary>
public class IgnoreScopeTests
{
    [Theory]
    [InlineData("*.log", "a.log", true)]
    [InlineData("*.log", "x/y/a.log", true)]
    [InlineData("*.log", "a.logs", false)]
    [InlineData("/a.log", "x/a.log", false)]
    [InlineData("/a.log", "a.log", true)]
    [InlineData("x/a.log", "y/x/a.log", false)]
    [InlineData("**/x/a.log", "y/x/a.log", true)]
    [InlineData("**/x/a.log", "x/a.log", true)]
    [InlineData("x/**", "x/y/z", true)]
    [InlineData("x/**", "x", false)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/*/b", "a/x/y/b", false)]
    [InlineData("foo?", "foo1", true)]
    [InlineData("x?y/z", "x/y/z", false)]
    [InlineData("*.log\n!keep.log", "keep.log", false)]
    [InlineData("!keep.log\n*.log", "keep.log", true)]
    [InlineData("out\n!out/keep", "out/keep", true)]
    [InlineData("out/*\n!out/keep", "out/keep", false)]
    [InlineData("build/", "build/x", true)]
    [InlineData("build/", "build", false)]
    [InlineData("# no", "# no", false)]
    [InlineData("\\# yes", "# yes", true)]
    [InlineData("\\!yes", "!yes", true)]
    [InlineData("blank  ", "blank", true)]
    [InlineData("blank\\ ", "blank ", true)]
    [InlineData("blank\\ ", "blank", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[!a-c]x", "bx", false)]
    [InlineData("[a", "[a", false)]
    [InlineData("a\\", "a\\", false)]
    [InlineData("\uFEFFa", "a", true)]
    [InlineData("a\r\nb\r\n", "a", true)]
    [InlineData("", "a", false)]
    [InlineData("/", "a", false)]
    [InlineData("!", "a", false)]
    public void OneFile(string gitignore, string path, bool expected)
    {
        using var folder = new TemporaryFolder();
        folder.File(".gitignore", gitignore);
        Assert.Equal(expected, IgnoreScope.ForRoot(folder.Path, ignoreCase: false).IsPathIgnored(path, isDirectory: false));
    }

    [Fact]
    public void DeeperFilesDecideFirst()
    {
        using var folder = new TemporaryFolder();
        folder.File(".gitignore", "*.o\n/b/only-here\n");
        folder.File("a/.gitignore", "!*.o\n");
        IgnoreScope root = IgnoreScope.ForRoot(folder.Path);
        Assert.True(root.IsPathIgnored("x.o", false));
        Assert.False(root.IsPathIgnored("a/x.o", false));
        Assert.False(root.IsPathIgnored("a/b/x.o", false));
        Assert.True(root.IsPathIgnored("b/only-here", false));
        Assert.False(root.IsPathIgnored("a/b/only-here", false));
    }

    [Fact]
    public void ExtraPatternsDecideBeforeEveryFile()
    {
        using var folder = new TemporaryFolder();
        folder.File(".gitignore", "generated\n");
        IgnoreScope root = IgnoreScope.ForRoot(folder.Path, ["!generated", "/docs/"]);
        Assert.False(root.IsPathIgnored("generated", true));
        Assert.True(root.IsPathIgnored("docs/a.py", false));
    }

    [Fact]
    public void CaseCountsOnlyWhereItIsToldTo()
    {
        using var folder = new TemporaryFolder();
        folder.File(".gitignore", "Build\n*.LOG\n/Src/[A-C].x");
        Assert.True(IgnoreScope.ForRoot(folder.Path, ignoreCase: true).IsPathIgnored("bUILD", false));
        Assert.True(IgnoreScope.ForRoot(folder.Path, ignoreCase: true).IsPathIgnored("x.Log", false));
        Assert.True(IgnoreScope.ForRoot(folder.Path, ignoreCase: true).IsPathIgnored("src/b.X", false));
        Assert.False(IgnoreScope.ForRoot(folder.Path, ignoreCase: false).IsPathIgnored("build", false));
    }

    [Fact]
    public async Task ALongHardPatternTakesNoTime()
    {
        using var folder = new TemporaryFolder();
        folder.File(".gitignore", string.Concat(Enumerable.Repeat("*a", 40)) + "b\n" + string.Concat(Enumerable.Repeat("**/", 40)) + "b\n");
        string path = string.Join('/', Enumerable.Repeat(new string('a', 100), 10));
        IgnoreScope root = IgnoreScope.ForRoot(folder.Path);
        Assert.False(await Task.Run(() => root.IsPathIgnored(path, false)).WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void AWorkspaceInsideARepositoryFollowsTheRepository()
    {
        using var folder = new TemporaryFolder();
        GitCheckIgnore.Init(folder.Path);
        folder.File(".gitignore", "*.o\n/app/top-only\n");
        folder.File(".git/info/exclude", "private\n");
        folder.File("app/src/a.o", "");
        IgnoreScope app = IgnoreScope.ForRoot(Path.Combine(folder.Path, "app"), ["/src/extra"]);
        Assert.True(app.IsPathIgnored("src/a.o", false));
        Assert.True(app.IsPathIgnored("top-only", false));
        Assert.True(app.IsPathIgnored("src/private", true));
        Assert.True(app.IsPathIgnored("src/extra", false));
        Assert.False(app.IsPathIgnored("src/a.c", false));
    }

    [Fact]
    public void AnIgnoredFolderThatIsOpenedIsReadAllTheSame()
    {
        using var folder = new TemporaryFolder();
        GitCheckIgnore.Init(folder.Path);
        folder.File(".gitignore", "*\n");
        folder.File("project/.gitignore", "*.o\n");
        IgnoreScope project = IgnoreScope.ForRoot(Path.Combine(folder.Path, "project"), ["/extra"]);
        Assert.False(project.IsPathIgnored("a.c", false));
        Assert.True(project.IsPathIgnored("a.o", false));
        Assert.True(project.IsPathIgnored("extra", false));
    }

    [Fact]
    public void ALinkedWorktreeUsesTheSharedExcludeFile()
    {
        using var folder = new TemporaryFolder();
        folder.File("main/.git/info/exclude", "private\n");
        folder.File("main/.git/worktrees/w/commondir", "../..\n");
        folder.File("w/.git", "gitdir: ../main/.git/worktrees/w\n");
        Assert.True(IgnoreScope.ForRoot(Path.Combine(folder.Path, "w")).IsPathIgnored("private", false));
    }
}
