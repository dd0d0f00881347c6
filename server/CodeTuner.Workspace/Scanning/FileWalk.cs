using CodeTuner.Workspace.History;
using CodeTuner.Workspace.Ignore;

namespace CodeTuner.Workspace.Scanning;

/// <summary>A file that the walk found and whose content has yet to be looked at.</summary>
/// <param name="Path">Its path from the root, with forward slashes.</param>
/// <param name="Bytes">Its length.</param>
internal readonly record struct FoundFile(string Path, long Bytes);

/// <summary>Goes through a workspace's folders, leaving out what ignore rules, folder names and links leave out.</summary>
internal sealed class FileWalk(string root, WorkspaceDisk disk, IEnumerable<string> extraPatterns, TrackedFiles tracked)
{
    private readonly List<ManifestEntry> leftOut = [];
    private readonly List<FoundFile> files = [];

    /// <summary>What was left out on the way. A folder stands for all that is in it.</summary>
    public IReadOnlyList<ManifestEntry> LeftOut => leftOut;

    /// <summary>The files that are left.</summary>
    public IReadOnlyList<FoundFile> Files => files;

    /// <summary>Walks.</summary>
    /// <exception cref="WorkspaceException">The root itself cannot be read.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        // A stack rather than recursion: folders may be nested as deep as a path can be long.
        Stack<(string Path, IgnoreScope Ignore, bool IsIgnored)> pending = new();
        pending.Push(("", IgnoreScope.ForRoot(root, extraPatterns), false));
        while (pending.TryPop(out (string Path, IgnoreScope Ignore, bool IsIgnored) folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach ((string name, bool isIgnored) in ReadFolder(folder.Path, folder.Ignore, folder.IsIgnored))
                pending.Push(($"{folder.Path}{name}/", folder.Ignore.Enter(name), isIgnored));
        }
    }

    // Returns the names of the folders to enter. Of an ignored folder only what is tracked counts.
    private List<(string Name, bool IsIgnored)> ReadFolder(string path, IgnoreScope ignore, bool isIgnored)
    {
        List<(string Name, bool IsIgnored)> inside = [];
        List<DiskEntry> entries = [];
        try
        {
            entries.AddRange(disk.Enumerate(Path.Combine(root, path)));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            if (path.Length == 0)
                throw new WorkspaceException($"The folder {root} cannot be read: {e.Message.TrimEnd('.')}. Give yourself the right to read it, or open another folder.", e);
            leftOut.Add(new ManifestEntry(path, 0, LeftOutReason.Unreadable, e is UnauthorizedAccessException ? "no permission" : "the folder cannot be read"));
            return inside;
        }

        HashSet<string> names = [.. entries.Select(e => e.Name)];
        if (path.Length > 0 && FolderRules.ReasonInside(names) is { } inner)
        {
            leftOut.Add(new ManifestEntry(path, 0, inner));
            return inside;
        }

        foreach (DiskEntry entry in entries)
        {
            if (entry.Name == ".git") continue;
            string own = path + entry.Name;
            bool isTracked = tracked.Hold(own, entry.IsDirectory);
            if ((isIgnored && !isTracked) || ignore.IsIgnored(entry.Name, entry.IsDirectory, isTracked))
                leftOut.Add(new ManifestEntry(entry.IsDirectory ? own + "/" : own, entry.Bytes, LeftOutReason.Ignored));
            else if (entry.IsLink)
                leftOut.Add(new ManifestEntry(own, 0, LeftOutReason.Link, LinkTarget.Describe(root, Path.Combine(root, own))));
            else if (!entry.IsDirectory)
                files.Add(new FoundFile(own, entry.Bytes));
            else if (FolderRules.Reason(entry.Name, names, isTop: path.Length == 0) is { } reason)
                leftOut.Add(new ManifestEntry(own + "/", 0, reason));
            else
                inside.Add((entry.Name, isIgnored || (isTracked && ignore.IsIgnored(entry.Name, isDirectory: true))));
        }

        return inside;
    }
}
