using System.Diagnostics;
using System.Text;
using CodeTuner.Workspace.History;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Tests.History;

/// <summary>A real repository in a temporary folder, free of the user's own git settings.</summary>
internal sealed class TemporaryRepository : IDisposable
{
    private int clock = 1_700_000_000;

    public TemporaryRepository(bool init = true)
    {
        Folder = Directory.CreateTempSubdirectory("codetuner history ").FullName;
        if (init)
            Git("init", "--quiet", "--initial-branch=main");
    }

    public string Folder { get; }

    public string PathOf(string path) => Path.Combine(Folder, path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
    }

    /// <summary>Commits everything and gives the commit's hash.</summary>
    public string Commit(string message = "change")
    {
        Git("add", "--all");
        Git("commit", "--quiet", "--allow-empty", "--message", message);
        return Git("rev-parse", "HEAD").Trim();
    }

    public string Commit(string path, string text)
    {
        Write(path, text);
        return Commit();
    }

    public string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-c", "protocol.file.allow=always", .. arguments])
            start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        foreach (var role in (string[])["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{role}_NAME"] = "Test";
            start.Environment[$"GIT_{role}_EMAIL"] = "test@example.invalid";
            start.Environment[$"GIT_{role}_DATE"] = $"{++clock} +0000";
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', arguments)}: {errors.Result}");
        return output;
    }

    public SourceDocument Document(string path, string? from = null)
    {
        var bytes = File.ReadAllBytes(Path.Combine(from ?? Folder, path));
        return new SourceDocument(path, Language.Python, new UTF8Encoding(false).GetString(bytes).TrimStart('\uFEFF'), "");
    }

    /// <summary>The commit of each line, as hashes; "older" and "now" for the two special cases.</summary>
    public static string[] Blame(WorkspaceHistory history, string path) => Array.ConvertAll(
        history.Files[path].LineCommit,
        c => c < 0 ? "older" : c == 0 ? "now" : history.Commits[c].Hash);

    public void Dispose()
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
            File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(Folder, recursive: true);
    }
}
