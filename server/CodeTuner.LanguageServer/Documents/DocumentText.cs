using System.Collections.Immutable;

namespace CodeTuner.LanguageServer.Documents;

/// <summary>
/// A document's text, never changed: an edit makes a new one that shares every piece but those it touched.
/// Lines end with <c>\n</c>, <c>\r\n</c> or <c>\r</c>, mixed as they come. Offsets are in UTF-16 units.
/// </summary>
/// <remarks>
/// Pieces of up to some thousand units with running totals before each:
/// an edit costs one piece and the totals, a look-up a binary search and the scan of one piece.
/// </remarks>
internal sealed class DocumentText
{
    // Long enough that a large file has few, short enough that a scan of one is not felt.
    private const int DefaultMaxLength = 8192;

    private readonly ImmutableArray<TextChunk> _chunks;
    private readonly int _maxLength;

    // Element i is the total of the pieces before i; the last element is the whole.
    private readonly int[] _offsets;
    private readonly int[] _lineBreaks;
    private string? _whole;

    /// <param name="text">The whole text.</param>
    /// <param name="maxLength">The most units of a piece; a test makes it small to have many.</param>
    public DocumentText(string text, int maxLength = DefaultMaxLength)
        : this([.. TextChunk.Cut(text, maxLength)], maxLength) => _whole = text;

    private DocumentText(ImmutableArray<TextChunk> chunks, int maxLength)
    {
        _chunks = chunks;
        _maxLength = maxLength;
        _offsets = new int[chunks.Length + 1];
        _lineBreaks = new int[chunks.Length + 1];
        for (int i = 0; i < chunks.Length; i++)
        {
            _offsets[i + 1] = _offsets[i] + chunks[i].Text.Length;
            _lineBreaks[i + 1] = _lineBreaks[i] + chunks[i].LineBreaks;
        }
    }

    /// <summary>The number of UTF-16 units.</summary>
    public int Length => _offsets[^1];

    /// <summary>The number of lines: one more than there are line breaks.</summary>
    public int LineCount => _lineBreaks[^1] + 1;

    /// <summary>A piece shorter than this is joined with a neighbour when it is edited.</summary>
    internal int MinLength => Math.Max(1, _maxLength / 8);

    /// <summary>How many pieces hold the text.</summary>
    internal int PieceCount => _chunks.Length;

    /// <summary>The whole text; put together once.</summary>
    public override string ToString() => _whole ??= Slice(0, Length);

    /// <summary>The <paramref name="length"/> units from <paramref name="start"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They do not all lie in the text.</exception>
    public string Slice(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - start);
        if (_whole is not null)
            return _whole.Substring(start, length);
        return string.Create(length, (Text: this, Start: start), static (target, source) =>
        {
            int at = source.Start;
            for (int i = source.Text.ChunkAt(at); target.Length > 0; i++)
            {
                ReadOnlySpan<char> piece = source.Text._chunks[i].Text.AsSpan(at - source.Text._offsets[i]);
                piece = piece[..Math.Min(piece.Length, target.Length)];
                piece.CopyTo(target);
                target = target[piece.Length..];
                at += piece.Length;
            }
        });
    }

    /// <summary>Where a line starts.</summary>
    /// <param name="line">Zero-based; less than <see cref="LineCount"/>.</param>
    public int LineStart(int line)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(line);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(line, LineCount);
        if (line == 0)
            return 0;
        // The piece that holds the line break before the line: fewer breaks than `line` come before it.
        int chunk = FirstAtLeast(_lineBreaks, line) - 1;
        return _offsets[chunk] + _chunks[chunk].LineStart(line - _lineBreaks[chunk]);
    }

    /// <summary>Where a line ends, its line break excluded.</summary>
    /// <param name="line">Zero-based; less than <see cref="LineCount"/>.</param>
    public int LineEnd(int line)
    {
        if (line == LineCount - 1)
            return Length;
        int next = LineStart(line + 1);
        // A piece never starts within a line break, so both units of "\r\n" are found in the same one.
        int chunk = ChunkAt(next - 1);
        string text = _chunks[chunk].Text;
        int last = next - 1 - _offsets[chunk];
        return text[last] == '\n' && last > 0 && text[last - 1] == '\r' ? next - 2 : next - 1;
    }

    /// <summary>The text of a line, its line break excluded.</summary>
    /// <param name="line">Zero-based; less than <see cref="LineCount"/>.</param>
    public string Line(int line)
    {
        int start = LineStart(line);
        return Slice(start, LineEnd(line) - start);
    }

    /// <summary>The line that <paramref name="offset"/> stands in.</summary>
    public int LineAt(int offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length);
        if (offset == Length)
            return LineCount - 1;
        int chunk = ChunkAt(offset);
        return _lineBreaks[chunk] + _chunks[chunk].LineBreaksBefore(offset - _offsets[chunk]).Count;
    }

    /// <summary>The number of UTF-8 bytes from one offset to another.</summary>
    public int Utf8Length(int start, int end)
    {
        int bytes = 0;
        int at = start;
        for (int i = ChunkAt(start); at < end; i++)
        {
            TextChunk chunk = _chunks[i];
            int from = at - _offsets[i];
            int to = Math.Min(end - _offsets[i], chunk.Text.Length);
            bytes += chunk.Utf8LengthOf(from, to);
            at = _offsets[i] + to;
        }

        return bytes;
    }

    /// <summary>
    /// The offset that lies <paramref name="bytes"/> UTF-8 bytes after <paramref name="start"/>,
    /// rounded down to a character, at most <paramref name="end"/>.
    /// </summary>
    public int OffsetAfterUtf8(int start, int end, long bytes)
    {
        int at = start;
        for (int i = ChunkAt(start); at < end; i++)
        {
            TextChunk chunk = _chunks[i];
            int from = at - _offsets[i];
            int to = Math.Min(end - _offsets[i], chunk.Text.Length);
            ReadOnlySpan<char> piece = chunk.Text.AsSpan(from, to - from);
            int length = chunk.Utf8LengthOf(from, to);
            if (length > bytes)
                return at + TextChunk.Utf16Length(piece, (int)bytes);
            bytes -= length;
            at += piece.Length;
        }

        return at;
    }

    /// <summary>The text with the units from <paramref name="start"/> to <paramref name="end"/> replaced.</summary>
    public DocumentText Replace(int start, int end, string text)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, end);
        if (_chunks.IsEmpty)
            return new(text, _maxLength);
        int first = ChunkAt(start);
        int last = ChunkAt(Math.Max(start, end - 1));
        string middle = string.Concat(
            _chunks[first].Text.AsSpan(0, start - _offsets[first]), text, _chunks[last].Text.AsSpan(end - _offsets[last]));
        Join(ref first, ref last, ref middle);

        ReadOnlySpan<TextChunk> before = _chunks.AsSpan(0, first);
        ReadOnlySpan<TextChunk> after = _chunks.AsSpan(last + 1, _chunks.Length - last - 1);
        return new([.. before, .. TextChunk.Cut(middle, _maxLength), .. after], _maxLength);
    }

    /// <summary>Takes in neighbours where the pieces would otherwise be cut wrongly or be too many.</summary>
    private void Join(ref int first, ref int last, ref string middle)
    {
        while (first > 0 && (middle.Length < MinLength || TextChunk.AreOne(_chunks[first - 1].Text[^1], middle[0])))
            middle = _chunks[--first].Text + middle;
        while (last + 1 < _chunks.Length && (middle.Length < MinLength || TextChunk.AreOne(middle[^1], _chunks[last + 1].Text[0])))
            middle += _chunks[++last].Text;
    }

    /// <summary>The piece that holds <paramref name="offset"/>; the last one for the text's end.</summary>
    private int ChunkAt(int offset) => Math.Max(0, Math.Min(FirstAtLeast(_offsets, offset + 1) - 1, _chunks.Length - 1));

    private static int FirstAtLeast(int[] totals, int value)
    {
        int low = 0;
        int high = totals.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (totals[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
