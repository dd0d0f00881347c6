using System.Diagnostics;
using System.Text;

namespace CodeTuner.Workspace.Tests.Ignore;

/// <summary>Asks the real git which paths it ignores: the oracle for our own rules.</summary>
internal static class GitCheckIgnore
{
    public static void Init(string folder) => Run(folder, null, "init", "-q", ".");

    /// <summary>The paths, of those given, that git ignores.</summary>
    public static HashSet<string> Ignored(string folder, IEnumerable<string> paths, bool ignoreCase = false)
    {
        string output = Run(folder, string.Join('\0', paths) + '\0',
            "-c", $"core.ignorecase={(ignoreCase ? "true" : "false")}", "check-ignore", "--stdin", "-z");
        return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static string Run(string folder, string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        foreach (string a in (string[])["-c", "core.excludesFile=", "-c", "safe.directory=*", .. arguments]) start.ArgumentList.Add(a);
        // The machine's own settings must not decide.
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";
        start.Environment.Remove("GIT_DIR");
        using Process git = Process.Start(start)!;
        Task<string> output = git.StandardOutput.ReadToEndAsync();
        Task<string> error = git.StandardError.ReadToEndAsync();
        if (input is not null) git.StandardInput.Write(input);
        git.StandardInput.Close();
        git.WaitForExit();
        // check-ignore ends with 1 where no path is ignored.
        Assert.True(git.ExitCode is 0 or 1, $"git {string.Join(' ', arguments)} failed: {error.Result}");
        return output.Result;
    }
}
