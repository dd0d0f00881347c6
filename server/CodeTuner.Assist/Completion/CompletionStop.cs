using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Completion;

/// <summary>Where a completion should end: at the line's end, or, in an empty block, where the block does.</summary>
internal sealed class CompletionStop
{
    private const int MostLines = 12;

    private readonly string indentation;
    private readonly string nextLine;
    private readonly string restOfLine;

    public CompletionStop(CompletionRequest request)
    {
        int lineStart = request.Prefix.LastIndexOf('\n') + 1;
        string line = request.Prefix[lineStart..];
        indentation = line[..(line.Length - line.TrimStart().Length)];
        nextLine = FirstLine(request.Suffix);
        restOfLine = request.Suffix.Split('\n')[0].TrimEnd();
        Language language = LanguageTable.Of(request.Path);
        string before = request.Prefix.TrimEnd();
        bool opensBlock = before.EndsWith('{') || (language.UsesIndentation() && before.EndsWith(':'));
        bool emptyHere = string.IsNullOrWhiteSpace(line) && restOfLine.Length == 0;
        IsMultiline = opensBlock && emptyHere && (nextLine.Length == 0 || Width(nextLine) <= Width(indentation + "x") || nextLine.Trim()[0] is '}' or ')');
    }

    /// <summary>Whether several lines are wanted.</summary>
    public bool IsMultiline { get; }

    /// <summary>Whether the model has written enough.</summary>
    public bool IsEnough(string text)
    {
        int newLine = text.IndexOf('\n', StringComparison.Ordinal);
        if (newLine < 0)
            return IsRepetition(text);
        if (!IsMultiline)
            return true;
        return Cut(text).Length < text.TrimEnd().Length || text.AsSpan().Count('\n') > MostLines;
    }

    /// <summary>What is kept of the text.</summary>
    public string Cut(string text)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        if (!IsMultiline)
            return WithoutSuffix(text.Split('\n')[0].TrimEnd());
        List<string> kept = [];
        foreach (string line in text.Split('\n'))
        {
            // A blank line, a dedent, what stands there already, or the same line again ends the block.
            bool first = kept.Count == 0;
            if (!first && (line.Trim().Length == 0 || Width(line) < Width(indentation) || line.Trim() == nextLine.Trim() || line.Trim() == kept[^1].Trim()))
                break;
            kept.Add(line.TrimEnd());
            if (kept.Count == MostLines)
                break;
        }

        return WithoutSuffix(string.Join('\n', kept).TrimEnd());
    }

    private static int Width(string line)
    {
        int width = 0;
        foreach (char c in line)
        {
            if (c == '\t')
                width = (width / 4 * 4) + 4;
            else if (c == ' ')
                width++;
            else
                break;
        }

        return width;
    }

    private static string FirstLine(string suffix)
    {
        foreach (string line in suffix.Split('\n').Skip(1).Take(3))
        {
            if (line.Trim().Length > 0)
                return line.TrimEnd();
        }

        return "";
    }

    // "foo(a, foo(a, foo(a, " says nothing new.
    private static bool IsRepetition(string text)
    {
        for (int period = 4; period <= text.Length / 3; period++)
        {
            ReadOnlySpan<char> last = text.AsSpan(text.Length - period);
            if (text.AsSpan(text.Length - (2 * period), period).SequenceEqual(last) && text.AsSpan(text.Length - (3 * period), period).SequenceEqual(last))
                return true;
        }

        return false;
    }

    // What the rest of the line says already must not come twice.
    private string WithoutSuffix(string text) =>
        restOfLine.Length > 0 && text.EndsWith(restOfLine, StringComparison.Ordinal) ? text[..^restOfLine.Length] : text;
}
