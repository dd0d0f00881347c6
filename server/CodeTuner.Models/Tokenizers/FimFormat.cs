namespace CodeTuner.Models.Tokenizers;

/// <summary>
/// The token ids around the parts of a fill-in-the-middle prompt, in the order the base was trained with:
/// prefix sentinel, prefix, suffix sentinel, suffix, middle sentinel, and then the middle and the end token.
/// </summary>
/// <param name="Prefix">Stands before the text before the cursor.</param>
/// <param name="Suffix">Stands before the text after the cursor.</param>
/// <param name="Middle">Stands before what is to be filled in.</param>
/// <param name="EndOfText">Ends the middle, and every document.</param>
/// <param name="FileSeparator">Stands before a file's path, or null where the base has none.</param>
/// <param name="RepositoryName">Stands before the repository's name, or null where the base has none.</param>
/// <param name="Pad">Fills a batch's rows; never counted.</param>
public sealed record FimFormat(int Prefix, int Suffix, int Middle, int EndOfText, int? FileSeparator, int? RepositoryName, int? Pad)
{
    /// <summary>What ends an answer: the end token, and every sentinel, for with one the model has left the gap.</summary>
    public IReadOnlyList<int> StopTokens =>
        [.. new int?[] { EndOfText, Prefix, Suffix, Middle, FileSeparator, RepositoryName, Pad }.OfType<int>().Distinct()];

    /// <summary>Recognises the sentinels that code models are trained with, by their spelling in the vocabulary.</summary>
    /// <returns>Null where the vocabulary has no known set of them.</returns>
    public static FimFormat? Detect(Tokenizer tokenizer)
    {
        int? First(string[] spellings) => spellings.Select(tokenizer.TokenId).FirstOrDefault(id => id is not null);
        foreach (Spelling s in Spelling.Known)
        {
            if (tokenizer.TokenId(s.Prefix) is { } prefix && tokenizer.TokenId(s.Suffix) is { } suffix
                && tokenizer.TokenId(s.Middle) is { } middle && First(s.EndOfText) is { } end)
                return new FimFormat(prefix, suffix, middle, end, First(s.FileSeparator), First(s.RepositoryName), First(s.Pad));
        }

        return null;
    }

    // Where a part has several spellings, the first that the vocabulary holds counts.
    private sealed record Spelling(
        string Prefix, string Suffix, string Middle, string[] EndOfText, string[] FileSeparator, string[] RepositoryName, string[] Pad)
    {
        public static readonly Spelling[] Known =
        [
            // Qwen2.5-Coder, and the embedded model
            new("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", ["<|endoftext|>"], ["<|file_sep|>"], ["<|repo_name|>"], ["<|fim_pad|>"]),

            // StarCoder2; StarCoder and Granite Code spell the file's and the repository's name otherwise
            new("<fim_prefix>", "<fim_suffix>", "<fim_middle>", ["<|endoftext|>"], ["<file_sep>", "<filename>"], ["<repo_name>", "<reponame>"],
                ["<fim_pad>"]),

            // DeepSeek-Coder: begin, prefix, hole, suffix, end, and then the middle
            new("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>", ["<｜end▁of▁sentence｜>"], [], [], []),

            // Code Llama ends the middle with a token of its own
            new("▁<PRE>", "▁<SUF>", "▁<MID>", ["▁<EOT>", "</s>"], [], [], []),
        ];
    }
}
