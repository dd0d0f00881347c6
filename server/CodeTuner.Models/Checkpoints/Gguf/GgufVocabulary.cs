using CodeTuner.Models.Architectures;
using CodeTuner.Models.Tokenizers;

namespace CodeTuner.Models.Checkpoints.Gguf;

/// <summary>
/// A byte-level BPE vocabulary as llama.cpp reads it (its <c>gpt2</c> tokenizer). Text is not brought into normal form C there,
/// even where <c>tokenizer.json</c> asks for it: no converter to GGUF can say so.
/// </summary>
internal static class GgufVocabulary
{
    // llama.cpp's llama_token_type.
    private const int Normal = 1, Control = 3, UserDefined = 4, Unused = 5;

    /// <summary>Adds the tokenizer's keys.</summary>
    /// <exception cref="ModelFormatException">The tokenizer is damaged, does not belong to the model, or llama.cpp has none like it.</exception>
    public static void Describe(GgufWriter writer, string folder, ModelConfig config)
    {
        string path = Path.Combine(folder, "tokenizer.json");
        TokenizerParts parts = TokenizerFile.LoadParts(path);
        Tokenizer tokenizer = new ByteLevelBpeTokenizer(parts);
        if (tokenizer.VocabularySize > config.VocabularySize)
        {
            throw new ModelFormatException(
                $"{folder}: the tokenizer has {tokenizer.VocabularySize} tokens but the model only {config.VocabularySize}. They do not belong together.");
        }

        FimFormat? fim = FimFormat.Detect(tokenizer);
        (string[] tokens, int[] types) = Tokens(parts, config.VocabularySize, fim);
        writer.Set("tokenizer.ggml.model", "gpt2");
        writer.Set("tokenizer.ggml.pre", GgufPreTokenizer.NameOf(path, parts));
        writer.Set("tokenizer.ggml.tokens", tokens);
        writer.Set("tokenizer.ggml.token_type", types);
        writer.Set("tokenizer.ggml.merges", Merges(parts));
        DescribeEnds(writer, folder, config, parts, fim);
        foreach ((string key, int? id) in new[]
        {
            ("padding", config.PadId ?? fim?.Pad), ("fim_pre", fim?.Prefix), ("fim_suf", fim?.Suffix), ("fim_mid", fim?.Middle),
            ("fim_pad", fim?.Pad), ("fim_rep", fim?.RepositoryName), ("fim_sep", fim?.FileSeparator),
        })
        {
            if (id is { } known)
                writer.Set($"tokenizer.ggml.{key}_token_id", (uint)known);
        }
    }

    private static (string[] Tokens, int[] Types) Tokens(TokenizerParts parts, int count, FimFormat? fim)
    {
        string[] tokens = new string[count];
        int[] types = new int[count];
        foreach ((string token, int id) in parts.Vocabulary)
            (tokens[id], types[id]) = (token, Normal);
        int?[] sentinels = fim is null ? [] : [fim.Prefix, fim.Suffix, fim.Middle, fim.EndOfText, fim.Pad, fim.RepositoryName, fim.FileSeparator];

        // Some tokenizers do not mark their sentinels as special; llama.cpp takes them for such by their spelling, and warns.
        foreach (AddedToken token in parts.AddedTokens)
            (tokens[token.Id], types[token.Id]) = (token.Content, token.IsSpecial || sentinels.Contains(token.Id) ? Control : UserDefined);

        // The matrix may have more rows than there are tokens. Each needs a name of its own.
        HashSet<string> taken = [.. tokens.OfType<string>()];
        for (int id = 0; id < count; id++)
        {
            if (tokens[id] is not null)
                continue;
            string name = $"[PAD{id}]";
            while (!taken.Add(name))
                name = $"[{name}]";
            (tokens[id], types[id]) = (name, Unused);
        }

        return (tokens, types);
    }

    // A space parts the two in the file. It stands for no byte, so a token that is spelt with one takes no part in merging bytes.
    private static string[] Merges(TokenizerParts parts)
    {
        Dictionary<int, string> spelling = parts.Vocabulary.ToDictionary(v => v.Value, v => v.Key);
        return [.. parts.Merges.OrderBy(m => m.Value.Rank).Select(m => (Left: spelling[m.Key.Left], Right: spelling[m.Key.Right]))
            .Where(m => !m.Left.Contains(' ', StringComparison.Ordinal) && !m.Right.Contains(' ', StringComparison.Ordinal))
            .Select(m => $"{m.Left} {m.Right}")];
    }

    private static void DescribeEnds(GgufWriter writer, string folder, ModelConfig config, TokenizerParts parts, FimFormat? fim)
    {
        if (parts.IdsBefore.Count > 1 || parts.IdsAfter.Count > 1)
            throw new ModelFormatException($"{folder}: the tokenizer puts several tokens before or after a text; GGUF can say one each. Export in Hugging Face's layout instead.");
        int? end = parts.IdsAfter.Count == 1 ? parts.IdsAfter[0] : config.EndOfTextIds.Count > 0 ? config.EndOfTextIds[0] : fim?.EndOfText;
        if (end is null)
            throw new ModelFormatException($"{folder}: nothing says which token ends a text. Set eos_token_id in config.json.");

        // Where a file names no beginning, llama.cpp takes token 11, which is GPT-2's. GPT-2's beginning is its end.
        int begin = parts.IdsBefore.Count == 1 ? parts.IdsBefore[0] : config.BeginOfTextId ?? end.Value;
        writer.Set("tokenizer.ggml.bos_token_id", (uint)Known(begin));
        writer.Set("tokenizer.ggml.eos_token_id", (uint)Known(end.Value));
        writer.Set("tokenizer.ggml.add_bos_token", parts.IdsBefore.Count == 1);
        writer.Set("tokenizer.ggml.add_eos_token", parts.IdsAfter.Count == 1);

        int Known(int id) => id >= 0 && id < config.VocabularySize
            ? id
            : throw new ModelFormatException($"{folder}: the token {id} that begins or ends a text is not among the model's {config.VocabularySize}. Correct config.json.");
    }
}
