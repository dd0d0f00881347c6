namespace CodeTuner.Models.Tokenizers;

/// <summary>Turns text into token ids and back, as the <c>tokenizer.json</c> of a model says.</summary>
public abstract class Tokenizer
{
    /// <summary>The number of ids, special and added tokens included.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The ids of <paramref name="text"/>.</summary>
    /// <param name="text">Any string; lone surrogates are read as U+FFFD.</param>
    /// <param name="parseSpecial">
    /// Whether special tokens spelt out in the text become their ids. False for text that a user wrote:
    /// source code that mentions a sentinel must not turn into one.
    /// </param>
    public abstract int[] Encode(string text, bool parseSpecial = false);

    /// <summary>The ids with the special tokens that the tokenizer puts around a text, special tokens in it recognised.</summary>
    public virtual int[] EncodeWithSpecial(string text) => Encode(text, parseSpecial: true);

    /// <summary>The text of <paramref name="ids"/>; bytes that are not UTF-8 become U+FFFD.</summary>
    public abstract string Decode(ReadOnlySpan<int> ids, bool skipSpecial = false);

    /// <summary>The raw bytes that <paramref name="id"/> stands for; none for an id that no token has.</summary>
    public abstract ReadOnlySpan<byte> Bytes(int id);

    /// <summary>The id of a whole token as spelt in the vocabulary, or null where there is none.</summary>
    public abstract int? TokenId(string token);
}
