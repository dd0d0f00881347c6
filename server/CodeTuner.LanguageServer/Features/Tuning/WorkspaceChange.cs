using CodeTuner.Tuning.Runs;
using CodeTuner.Workspace.Scanning;

namespace CodeTuner.LanguageServer.Features.Tuning;

/// <summary>How much of a workspace changed since it was last tuned.</summary>
internal static class WorkspaceChange
{
    // As a share of what was learned, and at least so many files: less would hardly change the model.
    private const double Share = 0.05;
    private const int LeastFiles = 5;

    /// <summary>Whether enough changed for another tune. A workspace that was never tuned always has; after a failure it waits for changes too.</summary>
    public static bool IsEnough(string root, RunStore store)
    {
        if (store.Runs is not [{ } last, ..])
            return true;
        if (!File.Exists(last.Manifest))
            return false;
        IReadOnlyList<ManifestEntry> known = [.. ManifestReader.Read(last.Manifest).Where(e => e.LeftOut is null)];
        DateTime since = last.Info.Started.UtcDateTime;
        int changed = known.Count(e => File.GetLastWriteTimeUtc(Path.Combine(root, e.Path)) > since);
        return changed >= Math.Max(LeastFiles, known.Count * Share);
    }
}
