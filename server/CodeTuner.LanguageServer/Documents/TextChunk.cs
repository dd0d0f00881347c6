using System.Text;

namespace CodeTuner.LanguageServer.Documents;

/// <summary>
/// A piece of a document, small enough to be scanned at each use.
/// No piece ends between <c>\r</c> and <c>\n</c> or within a surrogate pair.
/// </summary>
internal sealed class TextChunk
{
    public TextChunk(string text)
    {
        Text = text;
        LineBreaks = CountLineBreaks(text);
        // A lone surrogate counts three bytes, as U+FFFD and as WTF-8 write it.
        Utf8Length = Encoding.UTF8.GetByteCount(text);
    }

    public string Text { get; }

    public int LineBreaks { get; }

    /// <summary>The length in UTF-8 bytes.</summary>
    public int Utf8Length { get; }

    /// <summary>The number of UTF-8 bytes from one offset to another; nothing is counted where that is the whole piece.</summary>
    public int Utf8LengthOf(int start, int end) =>
        start == 0 && end == Text.Length ? Utf8Length : Encoding.UTF8.GetByteCount(Text.AsSpan(start, end - start));

    /// <summary>Whether text must not be cut between these two units.</summary>
    public static bool AreOne(char before, char after) =>
        (before == '\r' && after == '\n') || (char.IsHighSurrogate(before) && char.IsLowSurrogate(after));

    /// <summary>
    /// Cuts text into pieces of at most <paramref name="maxLength"/> units,
    /// or one more where the cut would part two that are one.
    /// </summary>
    public static IEnumerable<TextChunk> Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength)
        {
            if (text.Length > 0)
                yield return new(text);
            yield break;
        }

        // Equal pieces, so that the last is not a crumb.
        int pieces = (text.Length + maxLength - 1) / maxLength;
        int start = 0;
        for (int i = 1; i <= pieces; i++)
        {
            int end = (int)((long)text.Length * i / pieces);
            if (end < text.Length && AreOne(text[end - 1], text[end]))
                end++;
            yield return new(text[start..end]);
            start = end;
        }
    }

    /// <summary>Where the line after <paramref name="lineBreak"/> more line breaks starts (1: the first line that starts inside).</summary>
    public int LineStart(int lineBreak)
    {
        int at = 0;
        for (int i = 0; i < lineBreak; i++)
            at = NextLineStart(Text, at);
        return at;
    }

    /// <summary>How many line breaks end at or before <paramref name="length"/>, and where the last of them ends (0 for none).</summary>
    public (int Count, int LastEnd) LineBreaksBefore(int length)
    {
        int count = 0;
        int last = 0;
        while (true)
        {
            int next = NextLineStart(Text, last);
            if (next < 0 || next > length)
                return (count, last);
            count++;
            last = next;
        }
    }

    /// <summary>
    /// The UTF-16 length of the longest beginning of <paramref name="text"/>
    /// that has at most <paramref name="bytes"/> bytes of UTF-8.
    /// </summary>
    public static int Utf16Length(ReadOnlySpan<char> text, int bytes)
    {
        int at = 0;
        while (at < text.Length)
        {
            Rune.DecodeFromUtf16(text[at..], out Rune rune, out int units);
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
                break;
            at += units;
        }

        return at;
    }

    private static int CountLineBreaks(string text)
    {
        int count = 0;
        for (int at = NextLineStart(text, 0); at >= 0; at = NextLineStart(text, at))
            count++;
        return count;
    }

    private static int NextLineStart(string text, int from)
    {
        int at = text.AsSpan(from).IndexOfAny('\r', '\n');
        if (at < 0)
            return -1;
        at += from;
        return text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? at + 2 : at + 1;
    }
}
