namespace CodeTuner.Workspace.History;

/// <summary>Lines as git counts them: ended by a line feed alone.</summary>
internal static class TextLines
{
    /// <summary>
    /// The lines without their ends. A carriage return before the line feed is part of the end, so that a checkout with other line
    /// ends compares equal; so is a byte order mark left out.
    /// </summary>
    public static string[] Of(string text)
    {
        if (text.StartsWith('\uFEFF'))
            text = text[1..];
        if (text.Length == 0)
            return [];
        var lines = text.Split('\n');
        if (lines[^1].Length == 0)
            Array.Resize(ref lines, lines.Length - 1);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].EndsWith('\r'))
                lines[i] = lines[i][..^1];
        }

        return lines;
    }
}
