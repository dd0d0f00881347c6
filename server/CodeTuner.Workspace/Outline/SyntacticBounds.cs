namespace CodeTuner.Workspace.Outline;

/// <summary>Where a text can be cut with the least harm: at a declaration's start, else at a line's.</summary>
public static class SyntacticBounds
{
    /// <summary>The first good place at or after <paramref name="position"/>, at most <paramref name="slack"/> characters on; else the position itself.</summary>
    public static int AtOrAfter(string text, IReadOnlyList<OutlineNode> outline, int position, int slack)
    {
        int limit = Math.Min(text.Length, position + slack);
        int? declaration = Starts(text, outline).Where(s => s >= position && s <= limit).Select(s => (int?)s).Min();
        if (declaration is { } start)
            return start;
        if (position == 0 || text[position - 1] == '\n')
            return position;
        int line = text.IndexOf('\n', position);
        return line >= 0 && line + 1 <= limit ? line + 1 : position;
    }

    /// <summary>The last good place at or before <paramref name="position"/>, at most <paramref name="slack"/> characters back; else the position itself.</summary>
    public static int AtOrBefore(string text, IReadOnlyList<OutlineNode> outline, int position, int slack)
    {
        int limit = Math.Max(0, position - slack);
        int? declaration = Starts(text, outline).Where(s => s <= position && s >= limit && s > 0).Select(s => (int?)s).Max();
        if (declaration is { } start)
            return start;
        if (position >= text.Length)
            return text.Length;
        int line = position == 0 ? -1 : text.LastIndexOf('\n', position - 1);
        return line >= limit && line >= 0 ? line + 1 : position;
    }

    // A declaration starts with its doc comment, at the beginning of the line.
    private static IEnumerable<int> Starts(string text, IReadOnlyList<OutlineNode> outline)
    {
        foreach (OutlineNode node in outline.SelectMany(n => n.SelfAndDescendants()))
        {
            int start = node.DocComment is { } doc && doc.Start < node.Span.Start ? doc.Start : node.Span.Start;
            yield return start == 0 ? 0 : text.LastIndexOf('\n', start - 1) + 1;
        }
    }
}
