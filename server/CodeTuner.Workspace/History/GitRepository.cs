using System.Globalization;

namespace CodeTuner.Workspace.History;

/// <summary>What git knows of a workspace: its newest commits, and which lines were added since one of them.</summary>
public sealed class GitRepository
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly string folder;

    private GitRepository(string folder, bool isShallow) => (this.folder, IsShallow) = (folder, isShallow);

    /// <summary>Whether older history was left out when the repository was cloned.</summary>
    public bool IsShallow { get; }

    /// <summary>Opens the repository around a folder; null where there is no git program, no repository, no commit, or no right to it.</summary>
    public static GitRepository? TryOpen(string folder, CancellationToken cancellationToken = default)
    {
        if (GitProcess.Run(folder, ["rev-parse", "--verify", "HEAD^{commit}"], Timeout, cancellationToken) is null)
            return null;
        string? shallow = GitProcess.Run(folder, ["rev-parse", "--is-shallow-repository"], Timeout, cancellationToken);
        return new GitRepository(folder, shallow?.StartsWith("true", StringComparison.Ordinal) == true);
    }

    /// <summary>
    /// The newest commits, newest first, along first parents: what a merge brought in counts as the merge's own, since then
    /// everything after a commit is what was added since.
    /// </summary>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public IReadOnlyList<GitCommit> NewestCommits(int most = 2000, CancellationToken cancellationToken = default)
    {
        string? log = GitProcess.Run(
            folder,
            ["log", "--first-parent", "-m", "-z", "--numstat", "--no-renames", "--no-ext-diff", "--no-textconv", "--relative", "--format=%x01%H %ct",
                "-n", most.ToString(CultureInfo.InvariantCulture), "HEAD", "--", "."],
            Timeout,
            cancellationToken);
        List<GitCommit> commits = [];
        Dictionary<string, int> added = [];
        foreach (string record in (log ?? "").Split('\0'))
        {
            string line = record.TrimStart('\n');
            if (line.StartsWith('\x01'))
            {
                string[] parts = line[1..].Split('\n')[0].Split(' ');
                added = new Dictionary<string, int>(StringComparer.Ordinal);
                commits.Add(new GitCommit(parts[0], DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[1], CultureInfo.InvariantCulture)), added));
                line = line[(line.IndexOf('\n', StringComparison.Ordinal) + 1)..];
                if (line.StartsWith('\x01'))
                    continue;
            }

            string[] fields = line.Split('\t', 3);
            if (fields.Length == 3 && int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out int count))
                added[fields[2]] = count;
        }

        return commits;
    }

    /// <summary>
    /// The lines of each file, as it is on the disk, that were committed after <paramref name="commit"/>. Lines changed since the
    /// last commit count too where they stand between such lines.
    /// </summary>
    /// <param name="commit">A commit's hash; null means since before the first.</param>
    /// <param name="textOf">The text on the disk of a file by its path from the workspace's root, or null where it is of no interest.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <returns>Null where git failed.</returns>
    public IReadOnlyDictionary<string, IReadOnlyList<LineRange>>? AddedSince(
        string? commit, Func<string, string?> textOf, CancellationToken cancellationToken = default)
    {
        string? diff = GitProcess.Run(
            folder,
            ["diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--relative", "-z", "--src-prefix=a/", "--dst-prefix=b/",
                commit ?? EmptyTree(cancellationToken), "HEAD", "--", "."],
            Timeout,
            cancellationToken);
        if (diff is null)
            return null;
        Dictionary<string, IReadOnlyList<LineRange>> added = new(StringComparer.Ordinal);
        foreach ((string path, List<LineRange> ranges) in AddedLines.Parse(diff))
        {
            if (textOf(path) is not { } onDisk)
                continue;
            string? committed = GitProcess.Run(folder, ["cat-file", "blob", "HEAD:./" + path], Timeout, cancellationToken);
            if (committed is not null && AddedLines.OnDisk(ranges, committed, onDisk) is { Count: > 0 } present)
                added[path] = present;
        }

        return added;
    }

    private string EmptyTree(CancellationToken cancellationToken) =>
        GitProcess.Run(folder, ["hash-object", "-t", "tree", "--stdin"], Timeout, cancellationToken)?.Trim() ?? "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
}
