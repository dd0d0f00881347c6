using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Scanning;

/// <summary>The comment at the head of a file, where generators and licences leave their mark. Code about them is not in it.</summary>
/// <param name="Lines">Its lines, without comment marks and white space at the sides; empty ones left out.</param>
/// <param name="End">The position in the text after the comment.</param>
internal sealed record HeaderComment(IReadOnlyList<string> Lines, int End)
{
    private const int LineLimit = 120;

    /// <summary>Reads the comment lines before the first line of code.</summary>
    public static HeaderComment Of(string text, Language language)
    {
        List<string> lines = [];
        string? closing = null;
        int start = 0;
        for (int count = 0; start < text.Length && count < LineLimit; count++)
        {
            int end = text.IndexOf('\n', start);
            int next = end < 0 ? text.Length : end + 1;
            ReadOnlySpan<char> line = text.AsSpan(start, (end < 0 ? text.Length : end) - start).Trim();
            if (!IsComment(line, language, ref closing, start == 0)) break;
            line = line.Trim(" \t*/#-=;\"'");
            if (!line.IsEmpty) lines.Add(line.ToString());
            start = next;
        }

        return new HeaderComment(lines, start);
    }

    // "closing" is what ends the block that the line is in, or null between comments.
    private static bool IsComment(ReadOnlySpan<char> line, Language language, ref string? closing, bool isFirst)
    {
        if (closing is not null)
        {
            if (line.Contains(closing, StringComparison.Ordinal)) closing = null;
            return true;
        }

        if (line.IsEmpty || (isFirst && line.StartsWith("#!"))) return true;
        if (language == Language.Python)
        {
            if (line[0] == '#') return true;
            string? quotes = line.StartsWith("\"\"\"") ? "\"\"\"" : line.StartsWith("'''") ? "'''" : null;
            if (quotes is null) return false;
            if (!line[3..].Contains(quotes, StringComparison.Ordinal)) closing = quotes;
            return true;
        }

        if (line.StartsWith("//")) return true;
        if (!line.StartsWith("/*")) return false;
        int close = line[2..].IndexOf("*/");
        if (close < 0) closing = "*/";
        // Code that follows the comment on its own line makes it a line of code.
        return close < 0 || close + 4 == line.Length || line[(close + 4)..].TrimStart().StartsWith("/");
    }
}
