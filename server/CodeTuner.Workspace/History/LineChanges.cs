namespace CodeTuner.Workspace.History;

/// <summary>Which lines of a text are new or changed against an earlier one.</summary>
public static class LineChanges
{
    /// <summary>Compares two texts line by line; line ends and a byte order mark make no difference.</summary>
    /// <param name="before">The earlier text.</param>
    /// <param name="after">The text as it is now.</param>
    /// <returns>The lines of <paramref name="after"/> that <paramref name="before"/> has not, in order, neighbours joined. Deleted lines leave no trace.</returns>
    public static IReadOnlyList<LineRange> Between(string before, string after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return Between(TextLines.Of(before), TextLines.Of(after));
    }

    internal static IReadOnlyList<LineRange> Between(string[] before, string[] after)
    {
        int[] match = LineMatcher.Match(before, after);
        List<LineRange> changed = [];
        for (int i = 0; i < match.Length; i++)
        {
            if (match[i] >= 0)
                continue;
            if (changed.Count > 0 && changed[^1].End == i)
                changed[^1] = changed[^1] with { End = i + 1 };
            else
                changed.Add(new LineRange(i, i + 1));
        }

        return changed;
    }
}
