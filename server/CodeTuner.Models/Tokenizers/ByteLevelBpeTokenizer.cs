using System.Collections.Concurrent;
using System.Text;
using CodeTuner.Models.Tokenizers.Normalization;

namespace CodeTuner.Models.Tokenizers;

/// <summary>Byte-level BPE as GPT-2 introduced it and Qwen2 uses it. Safe for use by several threads.</summary>
internal sealed class ByteLevelBpeTokenizer : Tokenizer
{
    // Code repeats its words: remembering them makes most of the text a look-up. Long words are rare and not kept.
    private const int CacheLimit = 1 << 16;
    private const int CachedWordLength = 64;

    private readonly TokenizerParts parts;
    private readonly BytePairMerger merger;
    private readonly byte[][] bytesOf;
    private readonly int[] idOfByte;
    private readonly ConcurrentDictionary<string, int[]> cache = new(StringComparer.Ordinal);
    private readonly AddedToken[] added;
    private readonly HashSet<int> specialIds;

    public ByteLevelBpeTokenizer(TokenizerParts parts)
    {
        this.parts = parts;
        merger = new BytePairMerger(parts.Merges);
        added = [.. parts.AddedTokens.OrderByDescending(a => a.Content.Length)];
        specialIds = [.. parts.AddedTokens.Where(a => a.IsSpecial).Select(a => a.Id)];
        VocabularySize = Math.Max(parts.Vocabulary.Values.DefaultIfEmpty(-1).Max(), parts.AddedTokens.Select(a => a.Id).DefaultIfEmpty(-1).Max()) + 1;
        bytesOf = new byte[VocabularySize][];
        Array.Fill(bytesOf, []);
        foreach ((string token, int id) in parts.Vocabulary)
            bytesOf[id] = ByteAlphabet.Bytes(token) ?? Encoding.UTF8.GetBytes(token);
        foreach (AddedToken token in parts.AddedTokens)
            bytesOf[token.Id] = Encoding.UTF8.GetBytes(token.Content);
        idOfByte = [.. Enumerable.Range(0, 256).Select(b => parts.Vocabulary.GetValueOrDefault(ByteAlphabet.Char((byte)b).ToString(), -1))];
    }

    public override int VocabularySize { get; }

    public override int[] Encode(string text, bool parseSpecial = false)
    {
        List<int> ids = new((text.Length / 3) + 4);
        int at = 0;
        while (at < text.Length)
        {
            (int start, int end, AddedToken? token) = NextAdded(text, at, parseSpecial);
            EncodePlain(text.AsSpan(at, start - at), ids);
            if (token is not null)
                ids.Add(token.Id);
            at = end;
        }

        return [.. ids];
    }

    public override int[] EncodeWithSpecial(string text) => [.. parts.IdsBefore, .. Encode(text, parseSpecial: true), .. parts.IdsAfter];

    public override string Decode(ReadOnlySpan<int> ids, bool skipSpecial = false)
    {
        using MemoryStream bytes = new();
        foreach (int id in ids)
        {
            if (!skipSpecial || !specialIds.Contains(id))
                bytes.Write(Bytes(id));
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    public override ReadOnlySpan<byte> Bytes(int id)
    {
        if ((uint)id >= (uint)bytesOf.Length)
            throw new ArgumentOutOfRangeException(nameof(id), id, $"The vocabulary has the ids 0 to {bytesOf.Length - 1}.");
        return bytesOf[id];
    }

    public override int? TokenId(string token)
    {
        if (parts.AddedTokens.FirstOrDefault(a => a.Content == token) is { } found)
            return found.Id;
        return parts.Vocabulary.TryGetValue(token, out int id) ? id : null;
    }

    private static bool IsWordCharacter(char c) => char.IsLetterOrDigit(c) || c == '_';

    private (int Start, int End, AddedToken? Token) NextAdded(string text, int from, bool parseSpecial)
    {
        int best = text.Length, end = text.Length;
        AddedToken? found = null;
        foreach (AddedToken token in added)
        {
            if (token.IsSpecial && !parseSpecial)
                continue;
            int at = from;
            while (at < text.Length && (at = text.IndexOf(token.Content, at, StringComparison.Ordinal)) >= 0 && !Stands(text, at, token))
                at++;
            if (at < 0 || at >= best)
                continue; // longer tokens come first and win ties
            (best, end, found) = (at, at + token.Content.Length, token);
        }

        if (found is { StripLeft: true })
        {
            while (best > from && char.IsWhiteSpace(text[best - 1]))
                best--;
        }

        if (found is { StripRight: true })
        {
            while (end < text.Length && char.IsWhiteSpace(text[end]))
                end++;
        }

        return (best, end, found);
    }

    private static bool Stands(string text, int at, AddedToken token)
    {
        if (!token.SingleWord)
            return true;
        int end = at + token.Content.Length;
        return (at == 0 || !IsWordCharacter(text[at - 1])) && (end == text.Length || !IsWordCharacter(text[end]));
    }

    private void EncodePlain(ReadOnlySpan<char> text, List<int> ids)
    {
        if (text.IsEmpty)
            return;
        Rune[] runes = Runes(text);
        if (parts.NormalizesToNfc)
            runes = Normalized(runes);
        if (parts.AddsPrefixSpace && runes.Length > 0 && !Rune.IsWhiteSpace(runes[0]))
            runes = [new Rune(' '), .. runes];
        int at = 0;
        while (at < runes.Length)
        {
            int end = parts.PreTokenizer.WordEnd(runes, at);
            ids.AddRange(Word(runes.AsSpan(at, end - at)));
            at = end;
        }
    }

    // Lone surrogates become U+FFFD here.
    private static Rune[] Runes(ReadOnlySpan<char> text)
    {
        Rune[] runes = new Rune[text.Length];
        int count = 0;
        foreach (Rune rune in text.EnumerateRunes())
            runes[count++] = rune;
        return count == runes.Length ? runes : runes[..count];
    }

    private static Rune[] Normalized(Rune[] runes)
    {
        if (Array.TrueForAll(runes, r => r.Value < 0x300))
            return runes; // nothing below combines
        return CanonicalComposition.Normalize(runes);
    }

    private int[] Word(ReadOnlySpan<Rune> runes)
    {
        Span<byte> utf8 = stackalloc byte[256];
        byte[]? large = runes.Length * 4 > utf8.Length ? new byte[runes.Length * 4] : null;
        Span<byte> buffer = large ?? utf8;
        int length = 0;
        foreach (Rune rune in runes)
            length += rune.EncodeToUtf8(buffer[length..]);
        ReadOnlySpan<byte> bytes = buffer[..length];
        if (length > CachedWordLength)
            return Merged(bytes);
        Span<char> key = stackalloc char[CachedWordLength];
        for (int i = 0; i < length; i++)
            key[i] = ByteAlphabet.Char(bytes[i]);
        var lookup = cache.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(key[..length], out int[]? known))
            return known;
        int[] ids = Merged(bytes);
        if (cache.Count >= CacheLimit)
            cache.Clear();
        cache[key[..length].ToString()] = ids;
        return ids;
    }

    private int[] Merged(ReadOnlySpan<byte> bytes)
    {
        if (parts.IgnoresMerges)
        {
            StringBuilder whole = new(bytes.Length);
            foreach (byte b in bytes)
                whole.Append(ByteAlphabet.Char(b));
            if (parts.Vocabulary.TryGetValue(whole.ToString(), out int id))
                return [id];
        }

        List<int> symbols = new(bytes.Length);
        foreach (byte b in bytes)
        {
            if (idOfByte[b] >= 0) // a vocabulary without a byte drops it, as the reference does
                symbols.Add(idOfByte[b]);
        }

        return merger.Merge([.. symbols]);
    }
}
