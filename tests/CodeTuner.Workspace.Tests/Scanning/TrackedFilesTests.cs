using CodeTuner.Workspace.Scanning;
using CodeTuner.Workspace.Tests.History;

namespace CodeTuner.Workspace.Tests.Scanning;

/// <summary>What git tracks is part of the project, whatever .gitignore says of files that were never added.</summary>
public class TrackedFilesTests
{
    [Theory]
    [InlineData(true, "", "gen/deep/kept.py src/a.py src/kept.tmp.py")]
    [InlineData(false, "", "src/a.py")]
    [InlineData(true, "gen/deep/", "src/a.py src/kept.tmp.py")]
    [InlineData(true, "*.tmp.py", "gen/deep/kept.py src/a.py")]
    public void TrackedFilesAreKept(bool asksGit, string excluded, string expected)
    {
        using TemporaryRepository repository = Repository();
        string[] patterns = excluded.Length == 0 ? [] : [excluded];
        WorkspaceScan scan = WorkspaceScanner.Scan(repository.Folder, new ScanOptions { AsksGit = asksGit, IgnorePatterns = patterns });
        Assert.Equal(expected, string.Join(' ', scan.Documents.Select(d => d.Path)));
    }

    [Fact]
    public void OfAnIgnoredFolderOnlyWhatIsTrackedIsKept()
    {
        using TemporaryRepository repository = Repository();
        WorkspaceScan scan = WorkspaceScanner.Scan(repository.Folder, new ScanOptions { AsksGit = true });
        Assert.Equal(
            ["gen/deep/out.py", "gen/other/", "gen/out.py", "src/out.tmp.py"],
            scan.Manifest.Where(e => e.LeftOut == LeftOutReason.Ignored).Select(e => e.Path));
    }

    [Fact]
    public void PathsAreThoseFromTheFolderThatIsOpen()
    {
        using TemporaryRepository repository = Repository();
        WorkspaceScan scan = WorkspaceScanner.Scan(repository.PathOf("src"), new ScanOptions { AsksGit = true });
        Assert.Equal(["a.py", "kept.tmp.py"], scan.Documents.Select(d => d.Path));
    }

    [Fact]
    public void ARepositoryThatGitCannotReadIsScannedByItsRules()
    {
        using TemporaryRepository repository = Repository();
        File.WriteAllText(repository.PathOf(".git/index"), "damaged");
        WorkspaceScan scan = WorkspaceScanner.Scan(repository.Folder, new ScanOptions { AsksGit = true });
        Assert.Equal(["src/a.py"], scan.Documents.Select(d => d.Path));
    }

    private static TemporaryRepository Repository()
    {
        TemporaryRepository repository = new();
        foreach (string path in (string[])["src/a.py", "src/kept.tmp.py", "gen/deep/kept.py"])
            repository.Write(path, $"def {path.Length}_of_{path.Replace('/', '_').Replace('.', '_')}(): return '{path}'\n");
        repository.Commit();
        repository.Commit(".gitignore", "gen/\n*.tmp.py\n");
        foreach (string path in (string[])["src/out.tmp.py", "gen/out.py", "gen/deep/out.py", "gen/other/out.py"])
            repository.Write(path, $"value = '{path}'\n");
        return repository;
    }
}
