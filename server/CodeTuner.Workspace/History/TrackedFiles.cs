using CodeTuner.Workspace.Ignore;

namespace CodeTuner.Workspace.History;

/// <summary>
/// The files that git tracks although an ignore rule matches them. Such a rule speaks of files that were never added: what is
/// tracked is part of the project.
/// </summary>
internal sealed class TrackedFiles
{
    private readonly HashSet<string> files = new(StringComparer.Ordinal);
    private readonly HashSet<string> folders = new(StringComparer.Ordinal);

    private TrackedFiles(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            files.Add(path);
            for (int slash = path.LastIndexOf('/'); slash > 0 && folders.Add(path[..slash]); slash = path.LastIndexOf('/', slash - 1)) ;
        }
    }

    /// <summary>None, or none known.</summary>
    public static TrackedFiles None { get; } = new([]);

    /// <summary>Asks git, which reads its index and the ignore files; none where there is no repository, or git cannot tell.</summary>
    public static TrackedFiles Of(string root, CancellationToken cancellationToken)
    {
        if (GitDirectory.FindTop(root) is null)
            return None;
        try
        {
            var (told, paths, _) = GitProcess.Run(root, cancellationToken, "ls-files", "--cached", "--ignored", "--exclude-standard", "-z");
            return told ? new TrackedFiles(paths.Split('\0', StringSplitOptions.RemoveEmptyEntries)) : None;
        }
        catch (GitException)
        {
            return None; // no git program, or a repository that it cannot read: the ignore rules alone decide
        }
    }

    /// <summary>Whether a file is one of them, or a folder holds one.</summary>
    /// <param name="path">From the workspace's root, with forward slashes.</param>
    /// <param name="isDirectory">Whether it is a folder.</param>
    public bool Hold(string path, bool isDirectory) => (isDirectory ? folders : files).Contains(path);
}
