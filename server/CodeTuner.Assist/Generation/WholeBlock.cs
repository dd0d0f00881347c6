using CodeTuner.Assist.Text;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Generation;

/// <summary>Keeps of a block what leaves the document well formed: a model's last lines may be half or its braces open.</summary>
internal static class WholeBlock
{
    /// <summary>The most lines from the block's beginning that leave a well-formed document well formed, open braces closed; none where no number does.</summary>
    /// <param name="language">The document's language.</param>
    /// <param name="text">The document. Where it is not well formed itself, all lines are kept.</param>
    /// <param name="gap">Where the lines go.</param>
    /// <param name="lines">The block.</param>
    /// <param name="newLine">What ends a line.</param>
    public static IReadOnlyList<string> Of(Language language, string text, TextSpan gap, IReadOnlyList<string> lines, string newLine)
    {
        if (!SyntaxCheck.IsValid(language, text))
            return lines;
        for (int count = lines.Count; count > 0; count--)
        {
            if (lines[count - 1].Length == 0)
                continue;
            IReadOnlyList<string> kept = [.. lines.Take(count)];
            if (IsValid(kept))
                return kept;
            if (!language.UsesIndentation() && Closed(kept) is { } closed && IsValid(closed))
                return closed;
        }

        return [];

        bool IsValid(IReadOnlyList<string> kept) => SyntaxCheck.IsValid(
            language, string.Concat(text.AsSpan(0, gap.Start), newLine + string.Join(newLine, kept), text.AsSpan(gap.End)));
    }

    // The lines with a closing brace for each line that opens a block and has no closing one; null where none is missing.
    private static IReadOnlyList<string>? Closed(IReadOnlyList<string> lines)
    {
        Stack<string> open = new();
        foreach (string line in lines)
        {
            string trimmed = line.Trim();
            if (trimmed.StartsWith('}') && open.Count > 0)
                open.Pop();
            if (trimmed.EndsWith('{'))
                open.Push(Indentation.Of(line));
        }

        return open.Count == 0 ? null : [.. lines, .. open.Select(i => i + "}")];
    }
}
