using System.Security.Cryptography;
using System.Text;
using CodeTuner.Workspace.Duplicates;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Secrets;

namespace CodeTuner.Workspace.Scanning;

/// <summary>Reads a workspace: which files are worth learning from, and why the others are not.</summary>
public static class WorkspaceScanner
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Scans a folder. The result depends on its files alone, not on threads or the order of the file system.</summary>
    /// <param name="root">The workspace's folder.</param>
    /// <param name="options">What to read.</param>
    /// <param name="progress">Told every few hundred files.</param>
    /// <param name="cancellationToken">Stops the scan.</param>
    /// <exception cref="WorkspaceException">The folder is missing or cannot be read.</exception>
    public static WorkspaceScan Scan(
        string root, ScanOptions? options = null, IProgress<ScanProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new ScanOptions();
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        if (!Directory.Exists(root))
            throw new WorkspaceException(File.Exists(root) ? $"{root} is a file. Name the folder that holds it." : $"There is no folder {root}. Check the path.");
        FileWalk walk = new(root, name => NameReason(name, options));
        walk.Run(cancellationToken);
        (string Path, string OnDisk, long Bytes)[] files = [.. walk.Files.OrderBy(f => f.Path, StringComparer.Ordinal)];
        Candidate[] candidates = new Candidate[files.Length];
        int seen = 0, kept = 0;
        Parallel.For(0, files.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            candidates[i] = Read(files[i].Path, files[i].OnDisk, files[i].Bytes, options);
            if (candidates[i].Document is not null)
                Interlocked.Increment(ref kept);
            int count = Interlocked.Increment(ref seen);
            if (count % 256 == 0)
                progress?.Report(new ScanProgress(count, Volatile.Read(ref kept)));
        });
        RemoveDuplicates(candidates, options.DuplicateThreshold, cancellationToken);
        progress?.Report(new ScanProgress(files.Length, candidates.Count(c => c.Entry.LeftOut is null)));
        return new WorkspaceScan(
            root,
            [.. candidates.Where(c => c.Entry.LeftOut is null).Select(c => c.Document!)],
            [.. walk.LeftOut.Concat(candidates.Select(c => c.Entry)).OrderBy(e => e.Path, StringComparer.Ordinal)]);
    }

    private static LeftOutReason? NameReason(string name, ScanOptions options)
    {
        // Without an extension the first line may still name an interpreter.
        bool known = IsWanted(LanguageTable.Of(name), options) || (Path.GetExtension(name).Length == 0 && name[0] != '.');
        return known ? PathRules.OfFile(name) : LeftOutReason.Language;
    }

    private static bool IsWanted(Language language, ScanOptions options) =>
        language != Language.Unknown && (options.Languages.Count == 0 || options.Languages.Contains(language));

    private static Candidate Read(string path, string onDisk, long length, ScanOptions options)
    {
        Candidate Out(LeftOutReason reason, string? detail = null) => new(new ManifestEntry(path, length, reason, detail), null, null);
        if (length > options.MaxFileBytes)
            return Out(LeftOutReason.TooLarge, $"{length:N0} bytes; the limit is {options.MaxFileBytes:N0}");
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(onDisk);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Out(LeftOutReason.Unreadable, e.Message);
        }

        if (bytes.Length == 0)
            return Out(LeftOutReason.Empty);
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return Out(LeftOutReason.NotUtf8, "UTF-16");
        if (bytes.AsSpan().Contains((byte)0))
            return Out(LeftOutReason.Binary);
        string text;
        try
        {
            text = StrictUtf8.GetString(bytes).TrimStart('\ufeff');
        }
        catch (DecoderFallbackException e)
        {
            return Out(LeftOutReason.NotUtf8, $"byte {e.Index} is not UTF-8");
        }

        int lineEnd = text.IndexOf('\n', StringComparison.Ordinal);
        Language language = LanguageTable.Of(path, (lineEnd < 0 ? text : text[..lineEnd]).TrimEnd());
        if (!IsWanted(language, options))
            return Out(LeftOutReason.Language);
        if (string.IsNullOrWhiteSpace(text))
            return Out(LeftOutReason.Empty);
        if (ContentRules.IsGenerated(text))
            return Out(LeftOutReason.Generated);
        if (ContentRules.IsMinified(text))
            return Out(LeftOutReason.Minified);
        if (ContentRules.FlaggedLicence(text, options.AllowedLicences) is { } licence)
            return Out(LeftOutReason.LicenceFlagged, licence);
        if (SecretScanner.Find(text) is [var secret, ..])
            return Out(LeftOutReason.Secret, $"{secret.RuleId} in line {secret.Line}");
        SourceDocument document = new(path, language, text, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return new Candidate(new ManifestEntry(path, length, null), document, NearDuplicateIndex.Fingerprint(text));
    }

    // In the order of paths, so that the same file of a set is kept every time.
    private static void RemoveDuplicates(Candidate[] candidates, double threshold, CancellationToken cancellationToken)
    {
        Dictionary<string, string> byHash = new(StringComparer.Ordinal);
        NearDuplicateIndex near = new(threshold);
        for (int i = 0; i < candidates.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (candidates[i] is not { Document: { } document, Fingerprint: { } fingerprint })
                continue;
            string? detail = null;
            if (byHash.TryGetValue(document.ContentHash, out string? same))
                detail = $"the same as {same}";
            else if (near.FindNear(fingerprint) is { } match)
                detail = $"{match.Similarity:P0} like {match.Key}";
            if (detail is not null)
            {
                candidates[i] = new Candidate(candidates[i].Entry with { LeftOut = LeftOutReason.Duplicate, Detail = detail }, null, null);
                continue;
            }

            byHash[document.ContentHash] = document.Path;
            near.Add(document.Path, fingerprint);
        }
    }

    private readonly record struct Candidate(ManifestEntry Entry, SourceDocument? Document, TextFingerprint? Fingerprint);
}
