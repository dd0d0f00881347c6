namespace CodeTuner.Workspace.Ignore;

/// <summary>
/// The ignore rules that hold in a folder: its own <c>.gitignore</c>, those above it up to the repository's root, and the
/// repository's <c>info/exclude</c>. The last pattern that matches decides, a deeper file before a higher one.
/// </summary>
internal sealed class IgnoreRules
{
    private readonly IgnoreRules? above;
    private readonly string folder;
    private readonly IReadOnlyList<IgnorePattern> patterns;

    private IgnoreRules(IgnoreRules? above, string folder, IReadOnlyList<IgnorePattern> patterns) =>
        (this.above, this.folder, this.patterns) = (above, folder, patterns);

    /// <summary>The rules at a workspace's root: with those of the repository around it, where there is one.</summary>
    /// <param name="root">The workspace's folder.</param>
    /// <param name="prefix">The root's path inside the repository, with a slash at its end; empty at the repository's root.</param>
    public static IgnoreRules AtRoot(string root, out string prefix)
    {
        string? repository = FindRepository(root);
        if (repository is null)
        {
            prefix = "";
            return new IgnoreRules(null, "", []).Enter("", root);
        }

        string relative = Path.GetRelativePath(repository, root).Replace('\\', '/');
        prefix = relative == "." ? "" : relative + "/";
        IgnoreRules rules = new IgnoreRules(null, "", Read(ExcludeFile(repository))).Enter("", repository);
        int at = 0;
        while (prefix.Length > 0 && (at = prefix.IndexOf('/', at) + 1) > 0)
            rules = rules.Enter(prefix[..at], Path.Combine(repository, prefix[..at]));
        return rules;
    }

    /// <summary>The rules inside a folder.</summary>
    /// <param name="path">Its path from the repository's root, with a slash at its end.</param>
    /// <param name="onDisk">Where it is.</param>
    public IgnoreRules Enter(string path, string onDisk)
    {
        IReadOnlyList<IgnorePattern> own = Read(Path.Combine(onDisk, ".gitignore"));
        return own.Count == 0 ? this : new IgnoreRules(this, path, own);
    }

    /// <summary>Whether a path is ignored, its folder being not.</summary>
    public bool IsIgnored(string path, bool isDirectory)
    {
        for (IgnoreRules? rules = this; rules is not null; rules = rules.above)
        {
            ReadOnlySpan<char> relative = path.AsSpan(rules.folder.Length);
            for (int i = rules.patterns.Count - 1; i >= 0; i--)
            {
                if (rules.patterns[i].Matches(relative, isDirectory))
                    return !rules.patterns[i].IsNegated;
            }
        }

        return false;
    }

    private static string? FindRepository(string root)
    {
        for (DirectoryInfo? folder = new(root); folder is not null; folder = folder.Parent)
        {
            string git = Path.Combine(folder.FullName, ".git");
            if (Directory.Exists(git) || File.Exists(git))
                return folder.FullName;
        }

        return null;
    }

    // In a linked worktree or a submodule ".git" is a file that names the real folder.
    private static string ExcludeFile(string repository)
    {
        string git = Path.Combine(repository, ".git");
        try
        {
            if (File.Exists(git) && File.ReadLines(git).FirstOrDefault() is { } line && line.StartsWith("gitdir: ", StringComparison.Ordinal))
            {
                git = Path.GetFullPath(line["gitdir: ".Length..].Trim(), repository);
                string common = Path.Combine(git, "commondir");
                if (File.Exists(common))
                    git = Path.GetFullPath(File.ReadAllText(common).Trim(), git);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An unreadable pointer means no exclude file.
        }

        return Path.Combine(git, "info", "exclude");
    }

    private static IReadOnlyList<IgnorePattern> Read(string file)
    {
        try
        {
            FileInfo info = new(file);
            if (!info.Exists || info.LinkTarget is not null)
                return []; // git does not follow a link here either
            return [.. File.ReadAllText(file).TrimStart('\ufeff').Split('\n').Select(IgnorePattern.Parse).OfType<IgnorePattern>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
