namespace CodeTuner.Models.Tokenizers;

/// <summary>GPT-2's printable characters for the 256 bytes, in which byte-level vocabularies are written.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] CharOf = Make();
    private static readonly Dictionary<char, byte> ByteOf = CharOf.Select((c, b) => (c, b)).ToDictionary(p => p.c, p => (byte)p.b);

    /// <summary>The character that stands for a byte.</summary>
    public static char Char(byte value) => CharOf[value];

    /// <summary>The bytes that a token of the vocabulary stands for, or null where it has a character outside the alphabet.</summary>
    public static byte[]? Bytes(string token)
    {
        byte[] bytes = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            if (!ByteOf.TryGetValue(token[i], out bytes[i]))
                return null;
        }

        return bytes;
    }

    private static char[] Make()
    {
        char[] chars = new char[256];
        int next = 256;
        for (int b = 0; b < 256; b++)
        {
            bool printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            chars[b] = printable ? (char)b : (char)next++;
        }

        return chars;
    }
}
