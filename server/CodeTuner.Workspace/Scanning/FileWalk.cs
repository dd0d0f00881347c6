using CodeTuner.Workspace.Ignore;

namespace CodeTuner.Workspace.Scanning;

/// <summary>Goes through a workspace's folders, leaving out what ignore rules, names and links leave out.</summary>
internal sealed class FileWalk(string root, Func<string, LeftOutReason?> byName)
{
    private readonly List<ManifestEntry> leftOut = [];
    private readonly List<(string Path, string OnDisk, long Bytes)> files = [];

    /// <summary>What was left out on the way.</summary>
    public IReadOnlyList<ManifestEntry> LeftOut => leftOut;

    /// <summary>Files whose content has to be looked at, with paths from the root.</summary>
    public IReadOnlyList<(string Path, string OnDisk, long Bytes)> Files => files;

    /// <summary>Walks.</summary>
    /// <exception cref="WorkspaceException">The root itself cannot be read.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        IgnoreRules rules = IgnoreRules.AtRoot(root, out string prefix);

        // A stack rather than recursion: folders may be nested as deep as a path can be long.
        Stack<(string Path, string OnDisk, IgnoreRules Rules)> pending = new();
        pending.Push(("", root, rules));
        while (pending.TryPop(out (string Path, string OnDisk, IgnoreRules Rules) folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach ((string path, string onDisk) in Folder(folder.Path, folder.OnDisk, folder.Rules, prefix))
                pending.Push((path, onDisk, folder.Rules.Enter(prefix + path, onDisk)));
        }
    }

    private List<(string Path, string OnDisk)> Folder(string path, string onDisk, IgnoreRules rules, string prefix)
    {
        List<(string, string)> inside = [];
        try
        {
            foreach (FileSystemInfo entry in new DirectoryInfo(onDisk).EnumerateFileSystemInfos())
            {
                bool isFolder = entry is DirectoryInfo;
                string own = path + entry.Name;
                if (entry.Name == ".git")
                    continue;
                if (rules.IsIgnored(prefix + own, isFolder && entry.LinkTarget is null))
                    LeaveOut(own, isFolder, entry, LeftOutReason.Ignored);
                else if (entry.LinkTarget is not null)
                    leftOut.Add(new ManifestEntry(own, 0, LeftOutReason.Link, "symbolic links are not followed"));
                else if (isFolder && PathRules.OfFolder(entry.Name) is { } folderReason)
                    LeaveOut(own, isFolder, entry, folderReason);
                else if (isFolder)
                    inside.Add((own + "/", entry.FullName));
                else if (byName(entry.Name) is { } reason)
                    LeaveOut(own, isFolder, entry, reason);
                else
                    files.Add((own, entry.FullName, ((FileInfo)entry).Length));
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            if (path.Length == 0)
                throw new WorkspaceException($"The folder {onDisk} cannot be read: {e.Message.TrimEnd('.')}. Check its rights.", e);
            leftOut.Add(new ManifestEntry(path, 0, LeftOutReason.Unreadable, e.Message));
        }

        return inside;
    }

    private void LeaveOut(string path, bool isFolder, FileSystemInfo entry, LeftOutReason reason) =>
        leftOut.Add(new ManifestEntry(isFolder ? path + "/" : path, entry is FileInfo { LinkTarget: null } file ? file.Length : 0, reason));
}
