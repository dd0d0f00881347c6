using CodeTuner.Workspace.Duplicates;
using CodeTuner.Workspace.History;

namespace CodeTuner.Workspace.Scanning;

/// <summary>Reads a workspace: which files are worth learning from, and why the others are not.</summary>
public static class WorkspaceScanner
{
    /// <summary>Scans a folder. The result depends on its files alone, not on threads or the order of the file system.</summary>
    /// <param name="root">The workspace's folder. One without any source gives a scan without documents.</param>
    /// <param name="options">What to read.</param>
    /// <param name="progress">Told every few hundred files, from any thread.</param>
    /// <param name="cancellationToken">Stops the scan.</param>
    /// <exception cref="WorkspaceException">The folder is missing or cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The scan was stopped.</exception>
    public static WorkspaceScan Scan(
        string root, ScanOptions? options = null, IProgress<ScanProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Scan(root, options ?? new ScanOptions(), new WorkspaceDisk(), progress, cancellationToken);

    internal static WorkspaceScan Scan(
        string root, ScanOptions options, WorkspaceDisk disk, IProgress<ScanProgress>? progress, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(root))
            throw new WorkspaceException("No folder was named. Open a folder, or pass its path.");
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        if (!Directory.Exists(root))
        {
            throw new WorkspaceException(File.Exists(root)
                ? $"{root} is a file. Name the folder that holds it."
                : $"There is no folder {root}, or you may not look into the one above it. Check the path.");
        }

        FileWalk walk = new(root, disk, options.IgnorePatterns, options.AsksGit ? TrackedFiles.Of(root, cancellationToken) : TrackedFiles.None);
        walk.Run(cancellationToken);
        FoundFile[] files = [.. walk.Files.OrderBy(f => f.Path, StringComparer.Ordinal)];
        HashSet<string> allowed = new(options.AllowedLicences, StringComparer.OrdinalIgnoreCase);
        allowed.UnionWith(LicenceRules.OfWorkspace(root, disk, files.Select(f => f.Path).Where(p => !p.Contains('/'))));

        FileResult[] results = ReadAll(files, new FileReading(root, options, disk, allowed), options, progress, cancellationToken);
        RemoveDuplicates(results, options.DuplicateThreshold, cancellationToken);
        progress?.Report(new ScanProgress(files.Length, results.Count(r => r.Document is not null)));
        return new WorkspaceScan(
            root,
            [.. results.Select(r => r.Document).OfType<SourceDocument>()],
            [.. walk.LeftOut.Concat(results.Select(r => r.Entry)).OrderBy(e => e.Path, StringComparer.Ordinal)]);
    }

    private static FileResult[] ReadAll(
        FoundFile[] files, FileReading reading, ScanOptions options, IProgress<ScanProgress>? progress, CancellationToken cancellationToken)
    {
        var results = new FileResult[files.Length];
        List<int> toRead = [];
        long bytes = 0;
        for (int i = 0; i < files.Length; i++)
        {
            if (reading.WithoutReading(files[i], bytes) is { } decided)
            {
                results[i] = decided;
                continue;
            }

            if (reading.MayBeSource(files[i])) bytes += files[i].Bytes;
            toRead.Add(i);
        }

        int seen = files.Length - toRead.Count, kept = 0;
        ParallelOptions parallel = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = options.MaxParallelism ?? Environment.ProcessorCount };
        Parallel.ForEach(toRead, parallel, i =>
        {
            results[i] = reading.Read(files[i]);
            int keptNow = results[i].Document is null ? Volatile.Read(ref kept) : Interlocked.Increment(ref kept);
            int seenNow = Interlocked.Increment(ref seen);
            if (seenNow % 256 == 0) progress?.Report(new ScanProgress(seenNow, keptNow));
        });
        return results;
    }

    // In the order of paths, so that the same file of a set is kept every time.
    private static void RemoveDuplicates(FileResult[] results, double threshold, CancellationToken cancellationToken)
    {
        Dictionary<string, string> byHash = new(StringComparer.Ordinal);
        NearDuplicateIndex? near = threshold <= 1 ? new NearDuplicateIndex(threshold) : null;
        for (int i = 0; i < results.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (results[i] is not { Document: { } document, Fingerprint: { } fingerprint }) continue;
            string? detail = null;
            if (byHash.TryGetValue(document.ContentHash, out string? same))
                detail = $"the same as {same}";
            else if (near?.FindNear(fingerprint) is { } match)
                detail = $"{(int)(match.Similarity * 100)} % like {match.Key}";
            if (detail is not null)
            {
                results[i] = new FileResult(results[i].Entry with { LeftOut = LeftOutReason.Duplicate, Detail = detail });
                continue;
            }

            byHash[document.ContentHash] = document.Path;
            near?.Add(document.Path, fingerprint);
        }
    }
}
