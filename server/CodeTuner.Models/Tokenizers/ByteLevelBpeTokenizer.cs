using System.Collections.Concurrent;
using System.Text;
using CodeTuner.Models.Tokenizers.Normalization;

namespace CodeTuner.Models.Tokenizers;

/// <summary>
/// Byte-level BPE as GPT-2 introduced it and Qwen2, Llama 3, StarCoder2 and DeepSeek-Coder use it: added tokens are cut out,
/// the rest is normalised and cut into words, and the UTF-8 bytes of each word are merged. Safe for use by several threads.
/// </summary>
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
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> cacheBySpan;
    private readonly Dictionary<string, int> addedIds;
    private readonly AddedTokenFinder addedInRawText;
    private readonly AddedTokenFinder addedInNormalizedText;
    private readonly AddedTokenFinder plainInRawText;
    private readonly AddedTokenFinder plainInNormalizedText;
    private readonly HashSet<int> specialIds;
    private int cached;

    public ByteLevelBpeTokenizer(TokenizerParts parts)
    {
        this.parts = parts;
        merger = new BytePairMerger(parts.Merges);
        cacheBySpan = cache.GetAlternateLookup<ReadOnlySpan<char>>();
        addedIds = parts.AddedTokens.ToDictionary(a => a.Content, a => a.Id, StringComparer.Ordinal);
        AddedToken[] raw = [.. parts.AddedTokens.Where(a => !a.Normalized)];
        AddedToken[] normalized = [.. parts.AddedTokens.Where(a => a.Normalized).Select(a => a with { Content = Normalized(a.Content) })];
        addedInRawText = new AddedTokenFinder(raw);
        addedInNormalizedText = new AddedTokenFinder(normalized);
        plainInRawText = new AddedTokenFinder(raw.Where(a => !a.IsSpecial));
        plainInNormalizedText = new AddedTokenFinder(normalized.Where(a => !a.IsSpecial));
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
        // Lone surrogates have no UTF-8; the encoder puts U+FFFD in their place.
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0)
            text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        List<int> ids = new((text.Length / 3) + 4);
        foreach ((TextSpan span, int? id) in (parseSpecial ? addedInRawText : plainInRawText).Split(text))
        {
            if (id is { } token)
                ids.Add(token);
            else
                EncodeBetween(text.Substring(span.Start, span.Length), parseSpecial, ids);
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

    // A model may have more rows than its tokenizer has tokens, to make the matrix even; drawing one of those writes nothing.
    public override ReadOnlySpan<byte> Bytes(int id) => (uint)id < (uint)bytesOf.Length ? bytesOf[id] : default;

    public override int? TokenId(string token)
    {
        if (addedIds.TryGetValue(token, out int added))
            return added;
        return parts.Vocabulary.TryGetValue(token, out int id) ? id : null;
    }

    private string Normalized(string text)
    {
        // Nothing below U+0300 combines.
        if (!parts.NormalizesToNfc || text.AsSpan().IndexOfAnyExceptInRange('\0', '\u02FF') < 0)
            return text;
        return string.Concat(CanonicalComposition.Normalize([.. text.EnumerateRunes()]));
    }

    private void EncodeBetween(string raw, bool parseSpecial, List<int> ids)
    {
        string text = Normalized(raw);
        foreach ((TextSpan span, int? id) in (parseSpecial ? addedInNormalizedText : plainInNormalizedText).Split(text))
        {
            if (id is { } token)
                ids.Add(token);
            else if (parts.AddsPrefixSpace && text[span.Start] != ' ')
                EncodePlain(" " + text.Substring(span.Start, span.Length), new TextSpan(0, span.Length + 1), ids);
            else
                EncodePlain(text, span, ids);
        }
    }

    private void EncodePlain(string text, TextSpan part, List<int> ids)
    {
        List<TextSpan> words = [part];
        foreach (PreTokenizer stage in parts.PreTokenizers)
        {
            List<TextSpan> finer = new(Math.Max(words.Count, part.Length / 4));
            foreach (TextSpan word in words)
                stage.Cut(text, word, finer);
            words = finer;
        }

        foreach (TextSpan word in words)
            ids.AddRange(Word(text.AsSpan(word.Start, word.Length)));
    }

    private int[] Word(ReadOnlySpan<char> word)
    {
        if (word.Length > CachedWordLength)
            return Merged(word);
        if (cacheBySpan.TryGetValue(word, out int[]? known))
            return known;
        int[] ids = Merged(word);

        // Once full the cache stays as it is: code repeats its words early and often.
        if (Volatile.Read(ref cached) < CacheLimit && cache.TryAdd(word.ToString(), ids))
            Interlocked.Increment(ref cached);
        return ids;
    }

    private int[] Merged(ReadOnlySpan<char> word)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, bytes);
        if (parts.IgnoresMerges)
        {
            StringBuilder whole = new(bytes.Length);
            foreach (byte b in bytes)
                whole.Append(ByteAlphabet.Char(b));
            if (parts.Vocabulary.TryGetValue(whole.ToString(), out int id) && !specialIds.Contains(id))
                return [id];
        }

        // The reader of the file saw to it that every byte of UTF-8 has a token.
        return merger.Merge(Array.ConvertAll(bytes, b => idOfByte[b]));
    }
}
