namespace CodeTuner.Workspace.History;

/// <summary>Finds the <c>git</c> program.</summary>
internal static class GitProgram
{
    private static readonly Lazy<string?> Found = new(() => Search(Environment.GetEnvironmentVariable("PATH"), OperatingSystem.IsWindows()));

    /// <summary>The program's full path, or null where the machine has none.</summary>
    public static string? Path => Found.Value;

    /// <summary>
    /// Searches the absolute folders of <paramref name="path"/> only. The operating system's own search may begin in the current
    /// folder, where an untrusted workspace could hold a program of that name.
    /// </summary>
    public static string? Search(string? path, bool windows)
    {
        var name = windows ? "git.exe" : "git";
        return (path ?? "").Split(System.IO.Path.PathSeparator)
            .Select(folder => folder.Trim('"'))
            .Where(System.IO.Path.IsPathFullyQualified)
            .Select(folder => System.IO.Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }
}
