namespace CodeTuner.Workspace.Ignore;

/// <summary>Finds the git repository that a folder belongs to, by reading only (no git process is started).</summary>
internal static class GitDirectory
{
    /// <summary>The nearest folder, from <paramref name="folder"/> upwards, that holds a <c>.git</c>; null where there is none.</summary>
    public static string? FindTop(string folder)
    {
        for (DirectoryInfo? d = new(folder); d is not null; d = d.Parent)
        {
            if (Path.Exists(Path.Combine(d.FullName, ".git"))) return d.FullName;
        }

        return null;
    }

    /// <summary>
    /// Where <c>info/exclude</c> lies for a repository's top folder. In a linked worktree <c>.git</c> is a file that names
    /// the worktree's own directory, and <c>commondir</c> there names the shared one: see gitrepository-layout(5).
    /// </summary>
    public static string ExcludeFile(string top)
    {
        string git = Path.Combine(top, ".git");
        const string marker = "gitdir:";
        try
        {
            if (File.Exists(git) && File.ReadAllText(git).Trim() is var link && link.StartsWith(marker, StringComparison.Ordinal))
            {
                git = Path.GetFullPath(Path.Combine(top, link[marker.Length..].Trim()));
                string common = Path.Combine(git, "commondir");
                if (File.Exists(common)) git = Path.GetFullPath(Path.Combine(git, File.ReadAllText(common).Trim()));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without the link's text there is no exclude file to find; the walk goes on with the .gitignore files.
        }

        return Path.Combine(git, "info", "exclude");
    }
}
