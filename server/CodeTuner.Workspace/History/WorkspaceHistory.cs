namespace CodeTuner.Workspace.History;

/// <summary>Which commit each line of a document came from.</summary>
/// <param name="LineCommit">
/// For each line, the index of its commit in <see cref="WorkspaceHistory.Commits"/>, so that a smaller number is newer, or
/// <see cref="Older"/>. A line ends at a line feed; a last line without one counts too.
/// </param>
public sealed record FileHistory(int[] LineCommit)
{
    /// <summary>Stands for a line that is older than what was looked at, or whose commit cannot be told.</summary>
    public const int Older = -1;
}

/// <summary>The newest lines of a workspace.</summary>
/// <param name="Share">The share of all lines that are not blank which they make up, from 0 to 1.</param>
/// <param name="Commits">How many entries of <see cref="WorkspaceHistory.Commits"/> they come from, counted from the newest.</param>
/// <param name="Files">The lines, by path from the workspace's root; ranges are in order and do not touch.</param>
public sealed record NewestLines(double Share, int Commits, IReadOnlyDictionary<string, IReadOnlyList<LineRange>> Files);

/// <summary>What git knows of the lines that the workspace's documents hold now.</summary>
public sealed class WorkspaceHistory
{
    private readonly IReadOnlyList<SourceDocument> documents;

    internal WorkspaceHistory(
        IReadOnlyList<SourceDocument> documents,
        IReadOnlyList<GitCommit> commits,
        IReadOnlyDictionary<string, FileHistory> files,
        bool isComplete)
    {
        this.documents = documents;
        Commits = commits;
        Files = files;
        IsComplete = isComplete;
    }

    /// <summary>The commits looked at, newest first. The first entry is always <see cref="GitCommit.WorkingTree"/>.</summary>
    public IReadOnlyList<GitCommit> Commits { get; }

    /// <summary>The history of each document, by its path from the workspace's root.</summary>
    public IReadOnlyDictionary<string, FileHistory> Files { get; }

    /// <summary>Whether every line has its commit: false where the search was bounded or the clone is shallow.</summary>
    public bool IsComplete { get; }

    /// <summary>
    /// Chooses as many of the newest commits as come closest to a share of the code, counted in lines that are not blank and are
    /// still there. A single commit that brought far more than the share (a first import) is rather left out: the result then
    /// holds less than was asked for, maybe nothing.
    /// </summary>
    /// <param name="share">The share wanted, from 0 to 1.</param>
    public NewestLines NewestShare(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var counts = new long[Commits.Count];
        long total = 0;
        foreach (var document in documents)
        {
            var blank = BlankLines(document.Text);
            var commits = Files[document.Path].LineCommit;
            for (var i = 0; i < commits.Length; i++)
            {
                if (blank[i])
                    continue;
                total++;
                if (commits[i] >= 0)
                    counts[commits[i]]++;
            }
        }

        var target = share * total;
        long sum = 0, bestSum = 0;
        var best = 0;
        for (var k = 1; k <= counts.Length; k++)
        {
            sum += counts[k - 1];
            if (Math.Abs(sum - target) < Math.Abs(bestSum - target))
                (best, bestSum) = (k, sum);
            if (sum >= target)
                break;
        }

        return new NewestLines(total == 0 ? 0 : (double)bestSum / total, best, LinesOf(best));
    }

    /// <summary>The lines that came with the <paramref name="commits"/> newest entries of <see cref="Commits"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<LineRange>> LinesOf(int commits)
    {
        var result = new Dictionary<string, IReadOnlyList<LineRange>>(StringComparer.Ordinal);
        foreach (var (path, file) in Files)
        {
            var ranges = new List<LineRange>();
            for (var i = 0; i < file.LineCommit.Length; i++)
            {
                if (file.LineCommit[i] < 0 || file.LineCommit[i] >= commits)
                    continue;
                if (ranges.Count > 0 && ranges[^1].End == i)
                    ranges[^1] = new LineRange(ranges[^1].Start, i + 1);
                else
                    ranges.Add(new LineRange(i, i + 1));
            }

            if (ranges.Count > 0)
                result.Add(path, ranges);
        }

        return result;
    }

    private static bool[] BlankLines(string text) => Array.ConvertAll(TextLines.Of(text), string.IsNullOrWhiteSpace);
}
