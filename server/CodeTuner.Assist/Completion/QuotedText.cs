namespace CodeTuner.Assist.Completion;

/// <summary>
/// Tells strings from code on a single line, in any language: a quote opens a string where another of its kind follows, and
/// otherwise is just a sign (an apostrophe in a comment, a lifetime).
/// </summary>
internal static class QuotedText
{
    /// <summary>The end of the string that opens at <paramref name="start"/>, behind its closing quote; <paramref name="start"/> + 1 where none closes.</summary>
    public static int End(ReadOnlySpan<char> line, int start)
    {
        int end = Closing(line, start + 1, line[start]);
        return end < 0 ? start + 1 : end + 1;
    }

    /// <summary>The first unescaped <paramref name="quote"/> from <paramref name="from"/> on, before the line's end; −1 where there is none.</summary>
    public static int Closing(ReadOnlySpan<char> text, int from, char quote)
    {
        for (int i = from; i < text.Length && text[i] != '\n'; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == quote)
                return i;
        }

        return -1;
    }

    /// <summary>The quote that is open at the end of a line's beginning, or NUL. A lone apostrophe is not taken for one.</summary>
    public static char OpenQuote(ReadOnlySpan<char> lineStart)
    {
        for (int i = 0; i < lineStart.Length; i++)
        {
            char c = lineStart[i];
            if (c is not ('"' or '\'' or '`'))
                continue;
            int end = Closing(lineStart, i + 1, c);
            if (end >= 0)
                i = end;
            else if (c != '\'' || i == 0 || !char.IsLetterOrDigit(lineStart[i - 1]))
                return c;
        }

        return '\0';
    }
}
