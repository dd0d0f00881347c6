using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;
using CodeTuner.Tests;

namespace CodeTuner.Cli.Tests;

/// <summary>Workspaces that are not as one would wish them.</summary>
[UnsupportedOSPlatform("windows")]
public class BadWorkspaceTests
{
    [Theory]
    [InlineData(null, null, "no code to learn from")]
    [InlineData("notes.txt", "Only words.\n", "no code to learn from")]
    [InlineData("only.py", "x = 1\n", "too little code")]
    public void Too_little_code_is_said(string? name, string? text, string says)
    {
        using SampleWorkspace workspace = new(0);
        if (name is not null)
            workspace.File(name, text!);
        (int code, string output, string errors) = Cli.Run(workspace.Tune());
        Assert.Equal(1, code);
        Assert.Contains(says, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_cannot_be_learned_are_left_out_and_named_and_the_tune_goes_on()
    {
        using SampleWorkspace workspace = new();
        workspace.File("nul.py", "x = 1\0\n");
        File.WriteAllBytes(workspace.File("latin1.py", ""), [.. "name = \"caf"u8, 0xE9, .. "\"\n"u8]);
        using (FileStream huge = File.Create(workspace.File("huge.py", "")))
            huge.SetLength(2L << 30); // sparse: takes no room
        Close(workspace.File("closed.py", "secret = 1\n"));
        Close(Path.GetDirectoryName(workspace.File("closed/inside.py", "secret = 2\n"))!);

        (int code, string output, string errors) = Cli.RunThrough(WithoutRootsRights, workspace.Tune("--steps", "1", "--json"));
        Assert.True(code == 0, errors);
        using JsonDocument json = JsonDocument.Parse(output);
        Dictionary<string, string?> reasons = File.ReadLines(Path.Combine(json.RootElement.GetProperty("folder").GetString()!, "manifest.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(e => e.GetProperty("path").GetString()!, e => e.TryGetProperty("reason", out JsonElement r) ? r.GetString() : null, StringComparer.Ordinal);
        Assert.Equal("binary", reasons["nul.py"]);
        Assert.Equal("not-utf8", reasons["latin1.py"]);
        Assert.Equal("too-large", reasons["huge.py"]);
        Assert.Equal("unreadable", reasons["closed.py"]);
        Assert.Equal("unreadable", reasons["closed/"]);
        Assert.Equal(12, reasons.Keys.Count(k => k.StartsWith("orders/part", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("tune")]
    [InlineData("scan")]
    public void A_workspace_that_may_not_be_read_is_named(string command)
    {
        using SampleWorkspace workspace = new(1);
        Close(workspace.Root);
        (int code, _, string errors) = Cli.RunThrough(WithoutRootsRights, command == "tune" ? workspace.Tune() : [command, workspace.Root]);
        Assert.Equal(1, code);
        Assert.Contains($"{workspace.Root} cannot be read", errors, StringComparison.Ordinal);
        Assert.Contains("Give yourself the right", errors, StringComparison.Ordinal);
        Open(workspace.Root);
    }

    [Fact]
    public void A_state_folder_that_may_not_be_written_is_named()
    {
        using SampleWorkspace workspace = new(1);
        Directory.CreateDirectory(workspace.State);
        File.SetUnixFileMode(workspace.State, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        (int code, _, string errors) = Cli.RunThrough(WithoutRootsRights, workspace.Tune());
        Assert.Equal(1, code);
        Assert.Contains($"The state folder {workspace.State}", errors, StringComparison.Ordinal);
        Assert.Contains("--state", errors, StringComparison.Ordinal);
        Open(workspace.State);
    }

    [Fact]
    public void A_file_in_place_of_the_workspace_is_said()
    {
        using SampleWorkspace workspace = new(0);
        string file = workspace.File("only.py", "x = 1\n");
        (int code, _, string errors) = Cli.Run("tune", file, "--state", workspace.State);
        Assert.Equal(1, code);
        Assert.Contains($"{file} is a file", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_thousand_files_are_scanned()
    {
        const int Folders = 100, FilesInEach = 1000;
        using TemporaryFolder folder = new();
        Parallel.For(0, Folders, d =>
        {
            string inside = Directory.CreateDirectory(Path.Combine(folder.Path, $"d{d}")).FullName;
            for (int f = 0; f < FilesInEach; f++)
                File.WriteAllText(Path.Combine(inside, $"f{f}.py"), $"def f_{d}_{f}(a_{f}, b_{d}):\n    return a_{f} + b_{d} * {d}\n");
        });
        (int code, string output, string errors) = Cli.Run("scan", folder.Path, "--json");
        Assert.True(code == 0, errors);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal(Folders * FilesInEach, json.RootElement.GetProperty("kept").GetInt32());
    }

    [Fact]
    public void A_repository_without_commits_is_split_by_files()
    {
        using SampleWorkspace workspace = new();
        Git(workspace.Root, "init", "-q");
        Assert.Contains("whole files are held out", SplitOf(workspace.Root, workspace), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shallow_clone_is_tuned_without_the_history_that_it_lacks()
    {
        using SampleWorkspace workspace = new();
        Git(workspace.Root, "init", "-q");
        Commit(workspace.Root);
        workspace.File("orders/later.py", "def later(order):\n    return order.total * 2\n");
        Commit(workspace.Root);
        string clone = Path.Combine(workspace.State, "clone");
        Git(workspace.Root, "clone", "-q", "--depth", "1", "file://" + workspace.Root, clone);
        Assert.Contains("held out", SplitOf(clone, workspace), StringComparison.Ordinal);
        Assert.Equal("true", Git(clone, "rev-parse", "--is-shallow-repository").Trim());
    }

    [Fact]
    public void A_damaged_repository_is_split_by_files()
    {
        using SampleWorkspace workspace = new();
        Git(workspace.Root, "init", "-q");
        Commit(workspace.Root);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(workspace.Root, ".git", "objects"), "*", SearchOption.AllDirectories))
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.WriteAllText(file, "damage");
        }

        Assert.Contains("whole files are held out", SplitOf(workspace.Root, workspace), StringComparison.Ordinal);
    }

    // Root may read what nobody may. Without these two capabilities it is a user like others; others need nothing taken away.
    private static string[] WithoutRootsRights => Environment.IsPrivilegedProcess
        ? ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
        : [];

    private static string SplitOf(string root, SampleWorkspace workspace)
    {
        string[] arguments = workspace.Tune("--steps", "1", "--json");
        arguments[1] = root;
        (int code, string output, string errors) = Cli.Run(arguments);
        Assert.True(code == 0, errors);
        using JsonDocument json = JsonDocument.Parse(output);
        return json.RootElement.GetProperty("split").GetString()!;
    }

    private static void Close(string path) => File.SetUnixFileMode(path, UnixFileMode.None);

    private static void Open(string path) => File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private static void Commit(string root)
    {
        Git(root, "add", "-A");
        Git(root, "-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "-q", "-m", "Add code");
    }

    private static string Git(string folder, params string[] arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", ["-C", folder, .. arguments]) { RedirectStandardOutput = true })!;
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return output;
    }
}
