using System.Text;

namespace CodeTuner.Models.Tokenizers;

/// <summary>Turns tokens into text as they come, holding back the bytes of a character that is not complete yet.</summary>
public sealed class StreamingDecoder(Tokenizer tokenizer)
{
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

    /// <summary>The text that <paramref name="id"/> completes; empty while a character is under way.</summary>
    public string Push(int id) => Convert(tokenizer.Bytes(id), flush: false);

    /// <summary>What is left: U+FFFD where a character was cut off.</summary>
    public string Flush() => Convert([], flush: true);

    private string Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> chars = stackalloc char[bytes.Length + 4];
        int count = decoder.GetChars(bytes, chars, flush);
        return chars[..count].ToString();
    }
}
