namespace CodeTuner.Workspace.History;

/// <summary>How far to look back.</summary>
public sealed record AddedLinesOptions
{
    /// <summary>At most this many commits are read, newest first.</summary>
    public int MaxCommits { get; init; } = 5000;

    /// <summary>Reading stops once this share of the documents' lines has found its commit, from 0 to 1.</summary>
    public double EnoughShare { get; init; } = 1;
}
