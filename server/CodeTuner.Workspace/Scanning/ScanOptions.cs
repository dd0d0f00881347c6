namespace CodeTuner.Workspace.Scanning;

/// <summary>What a scan reads.</summary>
public sealed record ScanOptions
{
    /// <summary>Larger files are left out without being read.</summary>
    public long MaxFileBytes { get; init; } = 1 << 20;

    /// <summary>The languages to learn; empty means all that CodeTuner knows.</summary>
    public IReadOnlyCollection<Languages.Language> Languages { get; init; } = [];

    /// <summary>Licences that a file's header may name although they are flagged by default, such as <c>GPL</c>.</summary>
    public IReadOnlyCollection<string> AllowedLicences { get; init; } = [];

    /// <summary>The Jaccard index of token shingles from which on two files are duplicates.</summary>
    public double DuplicateThreshold { get; init; } = 0.7;
}
