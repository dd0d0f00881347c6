namespace CodeTuner.Models.Tokenizers;

/// <summary>
/// Cuts text into the words that BPE works on: one stage of what <c>pre_tokenizer</c> says.
/// Safe for use by several threads.
/// </summary>
internal abstract class PreTokenizer
{
    /// <summary>The pattern that <c>ByteLevel</c> cuts with where <c>use_regex</c> is set, from GPT-2.</summary>
    public const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>Adds the words of one part of the text to <paramref name="words"/>, in order. Nothing outside the part is looked at.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="part">The part to cut.</param>
    /// <param name="words">Receives the words; together they are the part, but for what a stage removes.</param>
    public abstract void Cut(string text, TextSpan part, List<TextSpan> words);
}
