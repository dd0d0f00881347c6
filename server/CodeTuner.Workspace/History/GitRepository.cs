using System.Text;

namespace CodeTuner.Workspace.History;

/// <summary>
/// The git repository that a workspace lies in, read through the <c>git</c> program. Only commits are read by git, never the
/// working tree, and nothing that the repository holds or configures is run.
/// </summary>
public sealed class GitRepository
{
    private readonly string folder;

    private GitRepository(string folder, string root, string prefix, bool isShallow, string? head)
    {
        this.folder = folder;
        Root = root;
        Prefix = prefix;
        IsShallow = isShallow;
        Head = head;
    }

    /// <summary>The repository's top folder, as git writes it.</summary>
    public string Root { get; }

    /// <summary>The workspace's folder from <see cref="Root"/>, ending in a slash; empty where they are the same.</summary>
    public string Prefix { get; }

    /// <summary>Whether older history was left out when the repository was cloned.</summary>
    public bool IsShallow { get; }

    /// <summary>The commit that is checked out, on a branch or not; null in a repository without commits.</summary>
    public string? Head { get; }

    /// <summary>The full path of the git program; null where this machine's PATH has none.</summary>
    public static string? Program => GitProgram.Path;

    /// <summary>Opens the repository around a folder.</summary>
    /// <returns>Null where there is no git program, no repository with a working tree, or no right to read it.</returns>
    public static GitRepository? TryOpen(string folder, CancellationToken cancellationToken = default) =>
        TryOpen(folder, out _, cancellationToken);

    /// <summary>Opens the repository around a folder and tells why where it cannot.</summary>
    /// <param name="folder">The workspace's root, which may lie inside the repository.</param>
    /// <param name="problem">Where the result is null, one sentence for the user.</param>
    /// <param name="cancellationToken">Ends git.</param>
    public static GitRepository? TryOpen(string folder, out string? problem, CancellationToken cancellationToken = default)
    {
        problem = null;
        if (!Directory.Exists(folder))
        {
            problem = $"The folder {folder} does not exist.";
            return null;
        }

        try
        {
            var (opened, output, errors) = GitProcess.Run(
                folder, cancellationToken, "rev-parse", "--is-shallow-repository", "--show-toplevel", "--show-prefix");
            if (!opened)
            {
                problem = Explain(folder, errors);
                return null;
            }

            var lines = output.Split('\n');
            var (hasHead, head, _) = GitProcess.Run(folder, cancellationToken, "rev-parse", "--verify", "--quiet", "HEAD^{commit}");
            var root = lines.ElementAtOrDefault(1) ?? folder;
            var prefix = lines.ElementAtOrDefault(2) ?? "";
            return new GitRepository(folder, root, prefix, lines[0] == "true", hasHead ? head.Trim() : null);
        }
        catch (GitException e)
        {
            problem = e.Message;
            return null;
        }
    }

    /// <summary>Finds the commit that each line of the documents came from, following renames and merges.</summary>
    /// <param name="documents">The workspace's documents, as they are now; paths are from the folder that was opened.</param>
    /// <param name="options">How far to look back.</param>
    /// <param name="cancellationToken">Ends git.</param>
    /// <exception cref="GitException">Git failed, was silent too long, or is older than version 2.31.</exception>
    public WorkspaceHistory AddedLines(
        IReadOnlyList<SourceDocument> documents, AddedLinesOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        options ??= new AddedLinesOptions();
        var texts = documents.Select(d => TextLines.Of(d.Text)).ToArray();
        var found = Array.ConvertAll(texts, t => Enumerable.Repeat(FileHistory.Older, t.Length).ToArray());
        var commits = new List<GitCommit> { GitCommit.WorkingTree };
        if (Head is null)
        {
            foreach (var lines in found)
                Array.Fill(lines, 0);
        }
        else
        {
            using var blobs = new BlobReader(folder, cancellationToken);
            var origins = new LineOrigins(blobs, found, Boundaries(cancellationToken));
            CompareWithHead(documents, texts, found, origins, blobs, cancellationToken);
            if (options.MaxCommits > 0 && origins.HasWaiting)
                ReadLog(origins, commits, options, texts.Sum(t => (long)t.Length), cancellationToken);
        }

        var files = new Dictionary<string, FileHistory>(StringComparer.Ordinal);
        for (var i = 0; i < documents.Count; i++)
            files[documents[i].Path] = new FileHistory(found[i]);
        return new WorkspaceHistory(documents, commits, files, found.All(f => !f.Contains(FileHistory.Older)));
    }

    /// <summary>The lines of a file that are not in the commit that is checked out now, which may be newer than <see cref="Head"/>.</summary>
    /// <param name="path">The file's path from the folder that was opened, with forward slashes.</param>
    /// <param name="text">The file's text as it is now, saved or not.</param>
    /// <param name="cancellationToken">Ends git.</param>
    /// <returns>The changed lines, counted from 0; the whole text where the commit has no such file.</returns>
    /// <exception cref="GitException">Git failed or was silent too long.</exception>
    public IReadOnlyList<LineRange> ChangedSinceHead(string path, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(text);
        using var blobs = new BlobReader(folder, cancellationToken);
        return LineChanges.Between(blobs.Lines($"HEAD:{Prefix}{path}") ?? [], TextLines.Of(text));
    }

    /// <summary>Splits the documents' lines into those not committed yet, which are settled, and those to follow from HEAD.</summary>
    private void CompareWithHead(
        IReadOnlyList<SourceDocument> documents, string[][] texts, int[][] found, LineOrigins origins, BlobReader blobs, CancellationToken cancellationToken)
    {
        var (files, submodules) = ListHead(cancellationToken);
        for (var d = 0; d < documents.Count; d++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Prefix + documents[d].Path;

            // A submodule's history is in its own repository.
            if (submodules.Any(s => path.StartsWith(s + "/", StringComparison.Ordinal)))
                continue;
            var committed = files.TryGetValue(path, out var hash) ? blobs.Lines(hash) : null;
            if (committed is null)
            {
                Array.Fill(found[d], 0);
                continue;
            }

            var match = LineMatcher.Match(committed, texts[d]);
            var segments = new List<Segment>();
            for (var i = 0; i < match.Length; i++)
            {
                if (match[i] < 0)
                    found[d][i] = 0;
                else if (segments.Count > 0 && segments[^1] is var last && last.DocumentLine + last.Count == i && last.Line + last.Count == match[i])
                    segments[^1] = last with { Count = last.Count + 1 };
                else
                    segments.Add(new Segment(d, i, match[i], 1));
            }

            origins.Begin(Head!, path, segments);
        }
    }

    private void ReadLog(LineOrigins origins, List<GitCommit> commits, AddedLinesOptions options, long lines, CancellationToken cancellationToken)
    {
        using var git = GitLog.Start(folder, options.MaxCommits, cancellationToken);
        var log = new GitLog(git);
        while (origins.HasWaiting && origins.Settled < options.EnoughShare * lines)
        {
            if (log.Next() is not { } logged)
            {
                git.Finish();
                return;
            }

            commits.Add(logged.Commit);
            origins.Visit(logged, commits.Count - 1);
        }
    }

    private (Dictionary<string, string> Files, List<string> Submodules) ListHead(CancellationToken cancellationToken)
    {
        var (listed, output, errors) = GitProcess.Run(folder, cancellationToken, "ls-tree", "-r", "-z", "--full-tree", Head!);
        if (!listed)
            throw new GitException($"git ls-tree in {folder} failed: {errors}");
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var submodules = new List<string>();
        foreach (var entry in output.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            // "<mode> <type> <hash>\t<path>"
            var tab = entry.IndexOf('\t');
            var words = tab < 0 ? [] : entry[..tab].Split(' ');
            if (words.Length != 3)
                throw new GitException($"git ls-tree in {folder} wrote a line that cannot be read.");
            if (words[1] == "commit")
                submodules.Add(entry[(tab + 1)..]);
            else if (words[0] != "120000")
                files[entry[(tab + 1)..]] = words[2];
        }

        return (files, submodules);
    }

    /// <summary>The commits whose parents a shallow clone lacks.</summary>
    private HashSet<string> Boundaries(CancellationToken cancellationToken)
    {
        if (!IsShallow)
            return [];
        var (told, path, errors) = GitProcess.Run(folder, cancellationToken, "rev-parse", "--git-path", "shallow");
        if (!told)
            throw new GitException($"git rev-parse in {folder} failed: {errors}");
        var file = Path.Combine(folder, path.TrimEnd('\n'));
        return File.Exists(file) ? [.. File.ReadAllLines(file, Encoding.ASCII).Select(l => l.Trim())] : [];
    }

    private static string Explain(string folder, string errors)
    {
        if (errors.Contains("dubious ownership", StringComparison.Ordinal) || errors.Contains("safe.directory", StringComparison.Ordinal))
        {
            return $"Git refuses to read {folder}, which another user owns. If you trust it, run " +
                $"git config --global --add safe.directory \"{folder}\"";
        }

        if (errors.Contains("not a git repository", StringComparison.Ordinal))
            return $"{folder} is not in a git repository.";
        return errors.Contains("must be run in a work tree", StringComparison.Ordinal)
            ? $"{folder} is in a git repository without a working tree."
            : $"Git cannot open {folder}: {errors}";
    }
}
