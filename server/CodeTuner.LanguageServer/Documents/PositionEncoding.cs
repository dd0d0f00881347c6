using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Documents;

/// <summary>
/// Turns LSP positions into offsets and back, in the units that client and server agreed on.
/// A character past its line's end means the line's end, a line past the last means the text's end,
/// and a UTF-8 position within a character means its start.
/// </summary>
internal sealed class PositionEncoding
{
    /// <summary>UTF-16 units: what every client knows.</summary>
    public static readonly PositionEncoding Utf16 = new(PositionEncodingKind.UTF16);

    /// <summary>Bytes of UTF-8.</summary>
    public static readonly PositionEncoding Utf8 = new(PositionEncodingKind.UTF8);

    private PositionEncoding(string kind) => Kind = kind;

    /// <summary>The name in the protocol.</summary>
    public string Kind { get; }

    /// <summary>The first that the client offers and this server knows.</summary>
    public static PositionEncoding Negotiate(string[]? offered)
    {
        foreach (string kind in offered ?? [])
        {
            if (kind == Utf8.Kind)
                return Utf8;
            if (kind == Utf16.Kind)
                return Utf16;
        }

        return Utf16;
    }

    /// <summary>The offset of a position.</summary>
    public int OffsetAt(DocumentText text, Position position)
    {
        if (position.Line >= text.LineCount)
            return text.Length;
        int line = (int)position.Line;
        int start = text.LineStart(line);
        int end = text.LineEnd(line);
        return this == Utf8
            ? text.OffsetAfterUtf8(start, end, position.Character)
            : (int)Math.Min(start + (long)position.Character, end);
    }

    /// <summary>The position of an offset; one within a line break has the position of the line's end.</summary>
    public Position PositionAt(DocumentText text, int offset)
    {
        int line = text.LineAt(offset);
        int start = text.LineStart(line);
        int end = Math.Min(offset, text.LineEnd(line));
        return new((uint)line, (uint)(this == Utf8 ? text.Utf8Length(start, end) : end - start));
    }

    /// <summary>The offsets of a range; where its ends are swapped, so are the offsets.</summary>
    public (int Start, int End) OffsetsOf(DocumentText text, Range range)
    {
        int start = OffsetAt(text, range.Start);
        int end = OffsetAt(text, range.End);
        return start <= end ? (start, end) : (end, start);
    }

    /// <summary>The range of two offsets.</summary>
    public Range RangeOf(DocumentText text, int start, int end) => new(PositionAt(text, start), PositionAt(text, end));
}
