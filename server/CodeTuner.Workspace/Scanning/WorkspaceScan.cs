using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Scanning;

/// <summary>What a scan found.</summary>
/// <param name="Root">The workspace's folder, in full.</param>
/// <param name="Documents">The files kept, by path.</param>
/// <param name="Manifest">Every file with what became of it, by path.</param>
public sealed record WorkspaceScan(string Root, IReadOnlyList<SourceDocument> Documents, IReadOnlyList<ManifestEntry> Manifest)
{
    /// <summary>How many were left out for each reason.</summary>
    public IReadOnlyDictionary<LeftOutReason, int> LeftOutCounts =>
        Manifest.Where(e => e.LeftOut is not null).GroupBy(e => e.LeftOut!.Value).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>How many files and characters of each language were kept, the most first.</summary>
    public IReadOnlyList<(Language Language, int Files, long Characters)> LanguageCounts =>
        [.. Documents.GroupBy(d => d.Language).Select(g => (g.Key, g.Count(), g.Sum(d => (long)d.Text.Length))).OrderByDescending(l => l.Item3)];
}
