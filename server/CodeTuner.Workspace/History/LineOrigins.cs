namespace CodeTuner.Workspace.History;

/// <summary>
/// Follows the lines of all documents back through the commits at once, as <c>git blame</c> does for one file. Each commit that
/// is still to come holds the lines that are known to have been there, by path and position. Reading a commit, the lines in its
/// hunks are its own, the others move on to its first parent. At a merge, the lines that its first parent does not have are looked
/// for in its other parents' versions of the file, so that they go to the commits of the merged branch. This relies on the log's
/// order: a commit comes after all its children.
/// </summary>
internal sealed class LineOrigins(BlobReader blobs, int[][] found, IReadOnlySet<string> boundaries)
{
    private readonly Dictionary<string, Dictionary<string, List<Segment>>> waiting = new(StringComparer.Ordinal);

    /// <summary>Whether lines still look for their commit.</summary>
    public bool HasWaiting => waiting.Count > 0;

    /// <summary>How many lines have found theirs.</summary>
    public long Settled { get; private set; }

    /// <summary>Lets the lines of a file start from a commit's version of it.</summary>
    public void Begin(string commit, string path, List<Segment> segments)
    {
        if (segments.Count > 0)
            Wait(commit, path, segments);
    }

    /// <summary>Reads one commit, whose index is <paramref name="index"/>.</summary>
    public void Visit(LoggedCommit logged, int index)
    {
        var hash = logged.Commit.Hash;
        if (!waiting.Remove(hash, out var files))
            return;
        if (logged.Parents.Length == 0 || boundaries.Contains(hash))
        {
            // What the boundary commit of a shallow clone seems to add may be far older.
            if (!boundaries.Contains(hash))
            {
                foreach (var segment in files.Values.SelectMany(s => s))
                    Settle(segment, index);
            }

            return;
        }

        var moved = new List<(string Path, List<Segment> Segments)>();
        var changed = new List<(string Path, List<Segment> Segments)>();
        foreach (var change in logged.Changes)
        {
            if (change.BinaryLine is { } binary)
            {
                foreach (var path in files.Keys.Where(p => binary.Contains(p, StringComparison.Ordinal)).ToList())
                    files.Remove(path);
                continue;
            }

            if (change.NewPath is null || !files.Remove(change.NewPath, out var segments))
                continue;
            var (kept, own) = Split(segments, change.Hunks);
            if (kept.Count > 0 && change.OldPath is not null)
                moved.Add((change.OldPath, kept));
            if (own.Count > 0)
                changed.Add((change.NewPath, own));
        }

        foreach (var (path, own) in changed)
        {
            var rest = own;
            for (var p = 1; p < logged.Parents.Length && rest.Count > 0; p++)
                rest = PassToParent(hash, logged.Parents[p], path, rest);
            foreach (var segment in rest)
                Settle(segment, index);
        }

        foreach (var (path, kept) in moved)
            Append(files, path, kept);
        if (files.Count > 0)
            WaitAll(logged.Parents[0], files);
    }

    /// <summary>Divides segments at a commit's hunks: the lines outside, at their old positions, and those inside.</summary>
    internal static (List<Segment> Kept, List<Segment> Own) Split(List<Segment> segments, List<Hunk> hunks)
    {
        segments.Sort((a, b) => a.Line.CompareTo(b.Line));
        var kept = new List<Segment>(segments.Count);
        var own = new List<Segment>();
        var next = 0;
        var shift = 0;
        foreach (var whole in segments)
        {
            var segment = whole;
            while (segment.Count > 0)
            {
                while (next < hunks.Count && hunks[next].NewStart + hunks[next].NewCount <= segment.Line)
                {
                    shift += hunks[next].OldCount - hunks[next].NewCount;
                    next++;
                }

                var start = next < hunks.Count ? hunks[next].NewStart : int.MaxValue;
                if (segment.Line < start)
                {
                    var count = Math.Min(segment.Count, start - segment.Line);
                    kept.Add(segment.Take(count) with { Line = segment.Line + shift });
                    segment = segment.Skip(count);
                }
                else
                {
                    var count = Math.Min(segment.Count, start + hunks[next].NewCount - segment.Line);
                    own.Add(segment.Take(count));
                    segment = segment.Skip(count);
                }
            }
        }

        return (kept, own);
    }

    /// <summary>Passes on the lines that another parent of a merge has in the same file; gives back the rest.</summary>
    private List<Segment> PassToParent(string merge, string parent, string path, List<Segment> segments)
    {
        var before = blobs.Lines($"{parent}:{path}");
        var after = before is null ? null : blobs.Lines($"{merge}:{path}");
        if (before is null || after is null)
            return segments;
        var match = LineMatcher.Match(before, after);
        var passed = new List<Segment>();
        var rest = new List<Segment>();
        foreach (var segment in segments)
        {
            for (var i = 0; i < segment.Count; i++)
            {
                var line = segment.Line + i;
                var origin = line < match.Length ? match[line] : -1;
                Join(origin >= 0 ? passed : rest, segment.Skip(i).Take(1) with { Line = origin >= 0 ? origin : line });
            }
        }

        if (passed.Count > 0)
            Wait(parent, path, passed);
        return rest;
    }

    private static void Join(List<Segment> segments, Segment one)
    {
        if (segments.Count > 0 && segments[^1] is var last && last.File == one.File && last.Line + last.Count == one.Line &&
            last.DocumentLine + last.Count == one.DocumentLine)
            segments[^1] = last with { Count = last.Count + one.Count };
        else
            segments.Add(one);
    }

    private void Settle(Segment segment, int index)
    {
        found[segment.File].AsSpan(segment.DocumentLine, segment.Count).Fill(index);
        Settled += segment.Count;
    }

    private void Wait(string commit, string path, List<Segment> segments)
    {
        if (!waiting.TryGetValue(commit, out var files))
            waiting.Add(commit, files = new Dictionary<string, List<Segment>>(StringComparer.Ordinal));
        Append(files, path, segments);
    }

    /// <summary>Hands a commit's files to its parent; of two tables the smaller is poured into the larger.</summary>
    private void WaitAll(string commit, Dictionary<string, List<Segment>> files)
    {
        if (waiting.TryGetValue(commit, out var there))
        {
            if (there.Count > files.Count)
                (there, files) = (files, there);
            foreach (var (path, segments) in there)
                Append(files, path, segments);
        }

        waiting[commit] = files;
    }

    private static void Append(Dictionary<string, List<Segment>> files, string path, List<Segment> segments)
    {
        if (files.TryGetValue(path, out var there))
            there.AddRange(segments);
        else
            files.Add(path, segments);
    }
}

/// <summary>Consecutive lines of a document, at their place in some older version of its file.</summary>
/// <param name="File">The document's index.</param>
/// <param name="DocumentLine">The first line in the document.</param>
/// <param name="Line">The first line in the older version.</param>
/// <param name="Count">How many lines.</param>
internal readonly record struct Segment(int File, int DocumentLine, int Line, int Count)
{
    public Segment Take(int count) => this with { Count = count };

    public Segment Skip(int count) => new(File, DocumentLine + count, Line + count, Count - count);
}
