namespace CodeTuner.Assist.Text;

/// <summary>The white space that a line begins with.</summary>
internal static class Indentation
{
    private const int TabWidth = 4;

    /// <summary>The blanks and tabs at the line's beginning.</summary>
    public static string Of(ReadOnlySpan<char> line)
    {
        int end = 0;
        while (end < line.Length && line[end] is ' ' or '\t')
            end++;
        return line[..end].ToString();
    }

    /// <summary>How wide the line's indentation is, in columns; a tab reaches to the next multiple of four.</summary>
    public static int Width(ReadOnlySpan<char> line)
    {
        int width = 0;
        foreach (char c in line)
        {
            if (c == '\t')
                width = (width / TabWidth * TabWidth) + TabWidth;
            else if (c == ' ')
                width++;
            else
                break;
        }

        return width;
    }
}
