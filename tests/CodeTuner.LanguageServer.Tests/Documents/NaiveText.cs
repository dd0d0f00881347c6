using System.Text;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Tests.Documents;

/// <summary>What a document must behave like: one string, read from its start each time.</summary>
internal static class NaiveText
{
    /// <summary>Each line's start and its end without the line break.</summary>
    public static List<(int Start, int End)> Lines(string text)
    {
        List<(int, int)> lines = [];
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('\r' or '\n'))
                continue;
            lines.Add((start, i));
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
                i++;
            start = i + 1;
        }

        lines.Add((start, text.Length));
        return lines;
    }

    public static int OffsetAt(string text, Position position, bool utf8)
    {
        List<(int Start, int End)> lines = Lines(text);
        if (position.Line >= lines.Count)
            return text.Length;
        (int start, int end) = lines[(int)position.Line];
        if (!utf8)
            return (int)Math.Min(start + (long)position.Character, end);
        long left = position.Character;
        int at = start;
        while (at < end)
        {
            bool pair = at + 1 < end && char.IsSurrogatePair(text[at], text[at + 1]);
            left -= pair ? 4 : text[at] < 0x80 ? 1 : text[at] < 0x800 ? 2 : 3;
            if (left < 0)
                break;
            at += pair ? 2 : 1;
        }

        return at;
    }

    public static Position PositionAt(string text, int offset, bool utf8)
    {
        List<(int Start, int End)> lines = Lines(text);
        int line = lines.FindLastIndex(l => l.Start <= offset);
        (int start, int end) = lines[line];
        string before = text[start..Math.Min(offset, end)];
        return new((uint)line, (uint)(utf8 ? Encoding.UTF8.GetByteCount(before) : before.Length));
    }

    public static string Replace(string text, Range range, string newText, bool utf8)
    {
        int a = OffsetAt(text, range.Start, utf8);
        int b = OffsetAt(text, range.End, utf8);
        return text[..Math.Min(a, b)] + newText + text[Math.Max(a, b)..];
    }
}
