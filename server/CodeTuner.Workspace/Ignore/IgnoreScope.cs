using System.Text;

namespace CodeTuner.Workspace.Ignore;

/// <summary>
/// The ignore rules in force in one folder: its own <c>.gitignore</c>, those of the folders above it up to the repository's top
/// (or the workspace's root where there is no repository), and <c>.git/info/exclude</c>. The semantics are those of gitignore(5),
/// with two differences: the user's global excludes file is not read, and which files are tracked is for the caller to know.
/// </summary>
public sealed class IgnoreScope
{
    private readonly IgnoreScope? parent;
    private readonly IgnoreFile? file;
    private readonly Rules rules;
    private readonly string folder;
    private readonly byte[] path;

    private IgnoreScope(IgnoreScope? parent, Rules rules, string folder, byte[] path)
    {
        this.parent = parent;
        this.rules = rules;
        this.folder = folder;
        this.path = path;
        file = IgnoreFile.Load(Path.Combine(folder, ".gitignore"), rules.IgnoreCase);
    }

    /// <summary>What holds in the whole tree. <paramref name="Extra"/> is read from the byte position <paramref name="ExtraBase"/> on.</summary>
    private sealed record Rules(bool IgnoreCase, IgnoreFile? Exclude, IgnoreFile Extra, int ExtraBase);

    /// <summary>The rules in force in a workspace's root folder.</summary>
    /// <param name="root">The workspace's root, which may lie anywhere in a repository or in none.</param>
    /// <param name="extraPatterns">Patterns in gitignore syntax, relative to the root, that decide before every ignore file.</param>
    /// <param name="ignoreCase">Whether letter case counts for nothing; null means as is usual on this system.</param>
    public static IgnoreScope ForRoot(string root, IEnumerable<string>? extraPatterns = null, bool? ignoreCase = null)
    {
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        bool fold = ignoreCase ?? (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS());
        IgnoreFile extra = IgnoreFile.Parse(Encoding.UTF8.GetBytes(string.Join('\n', extraPatterns ?? [])), fold);
        string? top = GitDirectory.FindTop(root);
        if (top is null) return new IgnoreScope(null, new Rules(fold, null, extra, 0), root, []);

        string relative = Path.GetRelativePath(top, root).Replace(Path.DirectorySeparatorChar, '/');
        bool below = relative != ".";
        int extraBase = below ? Encoding.UTF8.GetByteCount(relative) + 1 : 0;
        var rules = new Rules(fold, IgnoreFile.Load(GitDirectory.ExcludeFile(top), fold), extra, extraBase);
        var scope = new IgnoreScope(null, rules, top, []);
        if (!below) return scope;
        foreach (string name in relative.Split('/'))
        {
            // A folder that an outer repository ignores was opened on purpose: the outer rules then say nothing about it.
            if (scope.Decide(name, isDirectory: true, withExtra: false))
                return new IgnoreScope(null, rules with { Exclude = null, ExtraBase = 0 }, root, []);
            scope = scope.Enter(name);
        }

        return scope;
    }

    /// <summary>The rules in force one folder further down.</summary>
    /// <param name="name">The name of a folder that lies directly in this one and is not itself ignored.</param>
    public IgnoreScope Enter(string name) => new(this, rules, Path.Combine(folder, name), [.. PathOf(name), (byte)'/']);

    /// <summary>Whether a file or folder directly in this one is ignored.</summary>
    /// <param name="name">Its name, without a slash.</param>
    /// <param name="isDirectory">Whether it is a folder; false for a symbolic link to one.</param>
    /// <param name="isTracked">Whether git tracks it, or something in it: then only the extra patterns may leave it out.</param>
    public bool IsIgnored(string name, bool isDirectory, bool isTracked = false) => Decide(name, isDirectory, withExtra: true, isTracked);

    /// <summary>Whether a path below this folder is ignored, itself or through a folder above it.</summary>
    /// <param name="relativePath">The path from this folder, with forward slashes.</param>
    /// <param name="isDirectory">Whether it is a folder; false for a symbolic link to one.</param>
    public bool IsPathIgnored(string relativePath, bool isDirectory)
    {
        string[] names = relativePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        IgnoreScope scope = this;
        for (int i = 0; i < names.Length; i++)
        {
            bool last = i == names.Length - 1;
            if (scope.IsIgnored(names[i], !last || isDirectory)) return true;
            if (!last) scope = scope.Enter(names[i]);
        }

        return false;
    }

    private bool Decide(string name, bool isDirectory, bool withExtra, bool isTracked = false)
    {
        byte[] full = PathOf(name);
        if (withExtra && rules.Extra.Decide(full.AsSpan(rules.ExtraBase), isDirectory) is { } byExtra) return byExtra;
        if (isTracked) return false;
        for (IgnoreScope? scope = this; scope is not null; scope = scope.parent)
        {
            if (scope.file?.Decide(full.AsSpan(scope.path.Length), isDirectory) is { } byFile) return byFile;
        }

        return rules.Exclude?.Decide(full, isDirectory) ?? false;
    }

    private byte[] PathOf(string name)
    {
        var full = new byte[path.Length + Encoding.UTF8.GetByteCount(name)];
        path.CopyTo(full, 0);
        Encoding.UTF8.GetBytes(name, full.AsSpan(path.Length));
        return full;
    }
}
