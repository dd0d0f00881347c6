namespace CodeTuner.Workspace.Scanning;

/// <summary>What a scan reads.</summary>
public sealed record ScanOptions
{
    /// <summary>Larger files are left out without being read.</summary>
    public long MaxFileBytes { get; init; } = 1 << 20;

    /// <summary>
    /// The most source to hold in memory, in bytes on disk: once the files before it, by path, have used this up, a file is left out
    /// as too large. It keeps a scan of something huge, such as a home folder, from filling the machine's memory.
    /// </summary>
    public long MaxTotalBytes { get; init; } = 1L << 30;

    /// <summary>The languages to learn; empty means all that CodeTuner knows.</summary>
    public IReadOnlyCollection<Languages.Language> Languages { get; init; } = [];

    /// <summary>Patterns in gitignore syntax, from the root, that decide before every ignore file.</summary>
    public IReadOnlyCollection<string> IgnorePatterns { get; init; } = [];

    /// <summary>
    /// Whether the <c>git</c> program may be asked which ignored files are tracked all the same, and so belong to the project.
    /// Not for a workspace that is not trusted: nothing is run there.
    /// </summary>
    public bool AsksGit { get; init; }

    /// <summary>
    /// Licences that a file's header may name although they are flagged by default:
    /// <c>AGPL</c>, <c>LGPL</c>, <c>GPL</c>, <c>SSPL</c>, <c>BUSL</c>, <c>CC-BY-NC</c>, <c>proprietary</c>.
    /// Those in a licence file at the workspace's root are allowed without being named here.
    /// </summary>
    public IReadOnlyCollection<string> AllowedLicences { get; init; } = [];

    /// <summary>The Jaccard index of token shingles from which on two files are duplicates; above 1, only equal files are.</summary>
    public double DuplicateThreshold { get; init; } = 0.7;

    /// <summary>How many files to read at a time; null means one for each processor.</summary>
    public int? MaxParallelism { get; init; }
}
