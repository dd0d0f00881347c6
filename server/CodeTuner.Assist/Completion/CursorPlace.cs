using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Completion;

/// <summary>What stands around a cursor, line by line. Line ends are read as <c>\n</c>, whatever the document's are.</summary>
internal sealed class CursorPlace
{
    // How far a block's opening or the next code is looked for.
    private const int FarthestLine = 50;

    public CursorPlace(CompletionRequest request)
    {
        string prefix = request.Prefix, suffix = request.Suffix;
        UsesCarriageReturns = LineEndAt(prefix, suffix);
        LineStart = prefix[(prefix.LastIndexOfAny(['\n', '\r']) + 1)..];
        int end = suffix.AsSpan().IndexOfAny('\n', '\r');
        RestOfLine = (end < 0 ? suffix : suffix[..end]).TrimEnd();
        NextLine = end < 0 ? "" : FirstText(suffix[end..]);
        PreviousLine = LastText(prefix[..^LineStart.Length]);
        Indentation = LineStart[..(LineStart.Length - LineStart.TrimStart().Length)];
        IsEmptyBlock = OpensBlock(LanguageTable.Of(request.Path), PreviousLine) && string.IsNullOrWhiteSpace(LineStart) && RestOfLine.Length == 0 &&
            (NextLine.Length == 0 || Text.Indentation.Width(NextLine) <= Text.Indentation.Width(PreviousLine));
        OpenQuote = QuotedText.OpenQuote(LineStart);
    }

    /// <summary>Whether the document ends its lines with <c>\r\n</c>.</summary>
    public bool UsesCarriageReturns { get; }

    /// <summary>The cursor's line before the cursor.</summary>
    public string LineStart { get; }

    /// <summary>The cursor's line behind the cursor, without white space at its end.</summary>
    public string RestOfLine { get; }

    /// <summary>The next line with text, with its indentation; empty where there is none.</summary>
    public string NextLine { get; }

    /// <summary>The last line with text above, with its indentation; empty where there is none.</summary>
    public string PreviousLine { get; }

    /// <summary>The white space that the cursor's line begins with.</summary>
    public string Indentation { get; }

    /// <summary>Whether the cursor is on an empty line that is all there is of a block: several lines are wanted.</summary>
    public bool IsEmptyBlock { get; }

    /// <summary>The quote of the string that the cursor is in, or NUL.</summary>
    public char OpenQuote { get; }

    /// <summary>Whether the text around a place that falls into the middle of a character or of a line end can be completed at all.</summary>
    public static bool SplitsCharacter(string prefix, string suffix) =>
        prefix.Length > 0 && suffix.Length > 0 &&
        ((prefix[^1] == '\r' && suffix[0] == '\n') || (char.IsHighSurrogate(prefix[^1]) && char.IsLowSurrogate(suffix[0])));

    private static bool OpensBlock(Language language, string line)
    {
        string text = line.TrimEnd();
        return text.EndsWith('{') || (language.UsesIndentation() && text.EndsWith(':'));
    }

    private static bool LineEndAt(string prefix, string suffix)
    {
        int before = prefix.LastIndexOf('\n');
        if (before >= 0)
            return before > 0 && prefix[before - 1] == '\r';
        int after = suffix.IndexOf('\n', StringComparison.Ordinal);
        return after >= 0 && (after > 0 ? suffix[after - 1] : prefix.LastOrDefault()) == '\r';
    }

    private static string FirstText(string text)
    {
        int lines = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (!line.IsWhiteSpace())
                return line.TrimEnd().ToString();
            if (++lines > FarthestLine)
                break;
        }

        return "";
    }

    private static string LastText(string text)
    {
        int end = text.AsSpan().TrimEnd().Length;
        return end == 0 ? "" : text[(text.LastIndexOfAny(['\n', '\r'], end - 1) + 1)..end];
    }
}
