using System.Globalization;

namespace CodeTuner.Workspace.History;

/// <summary>Reads which lines a diff adds.</summary>
internal static class AddedLines
{
    /// <summary>The lines that a diff without context adds, by path.</summary>
    public static List<(string Path, List<LineRange> Ranges)> Parse(string diff)
    {
        List<(string, List<LineRange>)> files = [];
        List<LineRange>? ranges = null;
        int content = 0; // lines of a hunk still to skip: they may look like headers
        foreach (ReadOnlySpan<char> line in diff.AsSpan().EnumerateLinesOf('\n'))
        {
            if (content > 0 && line.Length > 0 && line[0] is '+' or '-')
            {
                content--;
            }
            else if (line.StartsWith("+++ "))
            {
                ReadOnlySpan<char> name = line[4..].TrimEnd('\r').TrimEnd('\t');
                ranges = null;
                if (name is not "/dev/null")
                    files.Add((name[2..].ToString(), ranges = []));
            }
            else if (line.StartsWith("@@ "))
            {
                (int removed, LineRange added) = Hunk(line);
                content = removed + added.Count;
                if (added.Count > 0)
                    ranges?.Add(added);
            }
        }

        return files;
    }

    /// <summary>
    /// The same lines in the file on the disk, which may have been changed since: lines before and after the change are found
    /// again, what lies between the two counts as added if added lines did.
    /// </summary>
    public static List<LineRange> OnDisk(List<LineRange> ranges, string committed, string onDisk)
    {
        string[] before = Lines(committed), after = Lines(onDisk);
        int same = 0;
        while (same < before.Length && same < after.Length && before[same] == after[same])
            same++;
        int sameAtEnd = 0;
        while (sameAtEnd < before.Length - same && sameAtEnd < after.Length - same && before[^(sameAtEnd + 1)] == after[^(sameAtEnd + 1)])
            sameAtEnd++;
        int shift = after.Length - before.Length, changeEnd = before.Length - sameAtEnd;
        List<LineRange> moved = [];
        foreach (LineRange range in ranges)
        {
            int start = range.Start < same ? range.Start : range.Start >= changeEnd ? range.Start + shift : same;
            int end = range.End <= same ? range.End : range.End > changeEnd ? range.End + shift : changeEnd + shift;
            if (end > start)
                moved.Add(new LineRange(start, end));
        }

        return moved;
    }

    private static string[] Lines(string text) => [.. text.TrimStart('\ufeff').Split('\n').Select(l => l.TrimEnd('\r'))];

    // @@ -start,count +start,count @@
    private static (int Removed, LineRange Added) Hunk(ReadOnlySpan<char> line)
    {
        ReadOnlySpan<char> rest = line[3..];
        rest = rest[..rest.IndexOf(" @@")];
        int space = rest.IndexOf(' ');
        (_, int removed) = Pair(rest[1..space]);
        (int start, int added) = Pair(rest[(space + 2)..]);
        return (removed, new LineRange(start - 1, start - 1 + added));
    }

    private static (int Start, int Count) Pair(ReadOnlySpan<char> text)
    {
        int comma = text.IndexOf(',');
        return comma < 0
            ? (int.Parse(text, CultureInfo.InvariantCulture), 1)
            : (int.Parse(text[..comma], CultureInfo.InvariantCulture), int.Parse(text[(comma + 1)..], CultureInfo.InvariantCulture));
    }

    private static SpanSplitter EnumerateLinesOf(this ReadOnlySpan<char> text, char separator) => new(text, separator);

    /// <summary>Lines ended by one character alone: unlike .NET's own enumeration, a lone carriage return ends none.</summary>
    private ref struct SpanSplitter(ReadOnlySpan<char> text, char separator)
    {
        private ReadOnlySpan<char> rest = text;
        private bool done = text.IsEmpty;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly SpanSplitter GetEnumerator() => this;

        public bool MoveNext()
        {
            if (done)
                return false;
            int at = rest.IndexOf(separator);
            Current = at < 0 ? rest : rest[..at];
            done = at < 0;
            rest = at < 0 ? [] : rest[(at + 1)..];
            return true;
        }
    }
}
