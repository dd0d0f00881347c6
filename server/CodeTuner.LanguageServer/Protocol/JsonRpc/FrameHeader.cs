using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace CodeTuner.LanguageServer.Protocol.JsonRpc;

/// <summary>The header fields of a message, read one by one.</summary>
/// <param name="ContentLength">The number of bytes that follow, or null while unknown.</param>
/// <param name="Malformed">What makes the whole header unreadable, so that where the content ends is not known either; or null.</param>
/// <param name="Refused">What makes the content unreadable though its length is known; or null.</param>
internal readonly record struct FrameHeader(long? ContentLength, string? Malformed, string? Refused)
{
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("-_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static ReadOnlySpan<byte> ContentLengthField => "Content-Length:"u8;

    /// <summary>How many bytes <see cref="FindContentLength"/> must see at once to know the field.</summary>
    public static int ContentLengthFieldLength => ContentLengthField.Length;

    /// <summary>This header after one more field, its line end removed.</summary>
    public FrameHeader With(ReadOnlySpan<byte> field)
    {
        int colon = field.IndexOf((byte)':');
        if (colon <= 0 || field[..colon].ContainsAnyExcept(NameBytes))
            return AsMalformed("A line of a message's header is not a header field.");
        ReadOnlySpan<byte> name = field[..colon];
        ReadOnlySpan<byte> value = field[(colon + 1)..].Trim(" \t"u8);
        if (Ascii.EqualsIgnoreCase(name, "Content-Length"u8))
            return WithLength(value);
        if (Ascii.EqualsIgnoreCase(name, "Content-Type"u8) && !IsUtf8(value))
            return this with { Refused = "The Content-Type names a charset other than utf-8." };
        return this;
    }

    /// <summary>This header at its end.</summary>
    public FrameHeader AtEnd() => ContentLength is null ? AsMalformed("A message has no Content-Length.") : this;

    /// <summary>This header, found to be unreadable; the first reason stays.</summary>
    public FrameHeader AsMalformed(string problem) => this with { Malformed = Malformed ?? problem };

    /// <summary>Where the next <c>Content-Length:</c> starts, or null.</summary>
    public static SequencePosition? FindContentLength(ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        Span<byte> candidate = stackalloc byte[ContentLengthField.Length];
        while (reader.TryAdvanceToAny("Cc"u8, advancePastDelimiter: false))
        {
            if (reader.TryCopyTo(candidate) && Ascii.EqualsIgnoreCase(candidate, ContentLengthField))
                return reader.Position;
            reader.Advance(1);
        }

        return null;
    }

    private FrameHeader WithLength(ReadOnlySpan<byte> value)
    {
        // Digits only: no sign and no spaces inside. Eighteen of them fit a long.
        bool digits = value.Length is > 0 and <= 18 && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9');
        if (!digits || !Utf8Parser.TryParse(value, out long length, out _))
            return AsMalformed("The Content-Length is not a number.");
        if (ContentLength is { } earlier && earlier != length)
            return AsMalformed("A message has two Content-Length fields that differ.");
        return this with { ContentLength = length };
    }

    private static bool IsUtf8(ReadOnlySpan<byte> contentType)
    {
        int at = Encoding.ASCII.GetString(contentType).IndexOf("charset=", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return true;
        ReadOnlySpan<byte> charset = contentType[(at + "charset=".Length)..];
        int end = charset.IndexOf((byte)';');
        charset = (end < 0 ? charset : charset[..end]).Trim(" \t\""u8);
        // "utf8" is the older spelling, which LSP asks both sides to take.
        return Ascii.EqualsIgnoreCase(charset, "utf-8"u8) || Ascii.EqualsIgnoreCase(charset, "utf8"u8);
    }
}
