using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Text;

/// <summary>A document's lines as git counts them: from 0, each ended by LF or CR LF.</summary>
internal sealed class DocumentLines
{
    private readonly List<int> starts = [0];

    public DocumentLines(string text)
    {
        Text = text;
        for (int at = text.IndexOf('\n', StringComparison.Ordinal); at >= 0; at = text.IndexOf('\n', at + 1))
            starts.Add(at + 1);
    }

    /// <summary>The document.</summary>
    public string Text { get; }

    /// <summary>How many lines there are; the one behind the last line end counts too.</summary>
    public int Count => starts.Count;

    /// <summary>The line that a position is on.</summary>
    public int At(int position)
    {
        int found = starts.BinarySearch(position);
        return found >= 0 ? found : Math.Max(0, ~found - 1);
    }

    /// <summary>Where a line stands, its end excluded.</summary>
    public TextSpan Span(int line)
    {
        int end = line + 1 < starts.Count ? starts[line + 1] - 1 : Text.Length;
        if (line + 1 < starts.Count && end > starts[line] && Text[end - 1] == '\r')
            end--;
        return new TextSpan(starts[line], end);
    }

    /// <summary>A line without its end.</summary>
    public ReadOnlySpan<char> Line(int line)
    {
        TextSpan span = Span(line);
        return Text.AsSpan(span.Start, span.Length);
    }

    /// <summary>The first line after <paramref name="line"/> that is not blank, or -1.</summary>
    public int NextCode(int line)
    {
        for (int i = line + 1; i < Count; i++)
        {
            if (!Line(i).IsWhiteSpace())
                return i;
        }

        return -1;
    }
}
