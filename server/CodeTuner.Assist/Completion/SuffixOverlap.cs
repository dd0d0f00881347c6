namespace CodeTuner.Assist.Completion;

/// <summary>Takes from a completion what already stands behind the cursor.</summary>
internal static class SuffixOverlap
{
    // A shorter match is chance: many lines end and begin with the same sign.
    private const int LeastOverlap = 3;

    /// <summary>The part of a line to insert before <see cref="CursorPlace.RestOfLine"/>.</summary>
    /// <param name="line">A line of code, without its end.</param>
    /// <param name="place">Where it goes.</param>
    public static string Cut(string line, CursorPlace place)
    {
        string rest = place.RestOfLine.TrimStart();
        if (rest.Length == 0)
            return line;

        // What the rest of the line closes must not be closed before it.
        int end = place.OpenQuote == '\0' ? FirstClosedBehind(line, rest, place) : QuotedText.Closing(line, 0, place.OpenQuote);
        if (end >= 0 && (place.OpenQuote == '\0' || QuotedText.Closing(rest, 0, place.OpenQuote) >= 0))
            return line[..end].TrimEnd();
        string kept = WithoutRepeated(line, rest);

        // "f(x|);" and the answer "g(y);": the statement ends behind the bracket that is there.
        while (kept.Length > 0 && kept[^1] is ';' or ',' && rest[^1] == kept[^1] && IsClosing(rest))
            kept = kept[..^1].TrimEnd();
        return kept;
    }

    // "f(g(x|)" and the answer ", y))": one bracket is the answer's to close, the other is there.
    private static int FirstClosedBehind(string line, string rest, CursorPlace place)
    {
        List<int> closed = BracketBalance.Unopened(line), closedBehind = BracketBalance.Unopened(rest);
        int own = Math.Max(0, BracketBalance.Open(place.LineStart) - closedBehind.Count);
        return closedBehind.Count > 0 && closed.Count > own && line[closed[own]] == rest[closedBehind[0]] ? closed[own] : -1;
    }

    private static string WithoutRepeated(string line, string rest)
    {
        for (int length = Math.Min(line.Length, rest.Length); length > 0; length--)
        {
            bool whole = length == rest.Length;
            if (!whole && (length < LeastOverlap || !rest[..length].Any(char.IsLetterOrDigit)))
                continue;
            if (!line.AsSpan(line.Length - length).SequenceEqual(rest.AsSpan(0, length)))
                continue;

            // A word must not be cut: "name" does not repeat the "me" of "me.x".
            int at = line.Length - length;
            if (!whole && at > 0 && IsWord(line[at]) && IsWord(line[at - 1]))
                continue;

            // Brackets that close what the answer itself opened are not those behind the cursor.
            string kept = line[..at];
            if (BracketBalance.Open(kept) == 0 || !IsClosing(rest[..length]))
                return kept.TrimEnd();
        }

        return line;
    }

    private static bool IsClosing(string text) => text.AsSpan().IndexOfAnyExcept(")]};, \t'\"`") < 0;

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
