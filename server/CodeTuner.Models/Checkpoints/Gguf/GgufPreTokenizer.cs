using System.Text.Json;
using CodeTuner.Models.Tokenizers;

namespace CodeTuner.Models.Checkpoints.Gguf;

/// <summary>
/// llama.cpp does not read the patterns that text is cut with; it knows some by name (<c>llama-vocab.cpp</c>).
/// This finds the name whose patterns are those of a <c>tokenizer.json</c>.
/// </summary>
internal static class GgufPreTokenizer
{
    private const string Number = @"\p{N}";

    private static readonly Style[] Known =
    [
        new("qwen2", false, [Qwen(Number)]),
        new("llama-bpe", true, [Qwen(@"\p{N}{1,3}")]),
        new("smaug-bpe", false, [Qwen(@"\p{N}{1,3}")]), // Llama 3's words, but merged by the rules
        new("gpt-2", false, [PreTokenizer.Gpt2Pattern]),
        new("starcoder", false, [Number, PreTokenizer.Gpt2Pattern]),
        new("deepseek-coder", false, [@"[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", "[一-龥ࠀ-一가-\ud7ff]+", Number]),
    ];

    /// <summary>The name.</summary>
    /// <exception cref="ModelFormatException">llama.cpp has no pre-tokenizer like this one.</exception>
    public static string NameOf(string path, TokenizerParts parts)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        List<string> patterns = [];
        bool expressible = AddPatterns(document.RootElement.GetProperty("pre_tokenizer"), patterns) && !parts.AddsPrefixSpace;
        Style? style = expressible ? Array.Find(Known, k => k.IgnoresMerges == parts.IgnoresMerges && k.Patterns.SequenceEqual(patterns)) : null;
        return style?.Name ?? throw new ModelFormatException(
            $"{path}: the way text is cut before merging ({string.Join("; then ", patterns)}) is none that GGUF can name here "
            + $"({string.Join(", ", Known.Select(k => k.Name))}). Export the model in Hugging Face's layout instead.");
    }

    // False where a stage does something else than cut at all matches of a pattern and between them.
    private static bool AddPatterns(JsonElement stage, List<string> patterns)
    {
        if (stage.ValueKind != JsonValueKind.Object)
            return false;
        switch (stage.GetProperty("type").GetString())
        {
            case "Sequence":
                return stage.GetProperty("pretokenizers").EnumerateArray().Aggregate(true, (all, inner) => AddPatterns(inner, patterns) && all);
            case "Split":
                patterns.Add(stage.GetProperty("pattern").GetProperty("Regex").GetString()!);
                return stage.GetProperty("behavior").GetString() == "Isolated";
            case "Digits":
                patterns.Add(IsSet(stage, "individual_digits", false) ? Number : Number + "+");
                return true;
            case "ByteLevel":
                if (IsSet(stage, "use_regex", true))
                    patterns.Add(PreTokenizer.Gpt2Pattern);
                return true;
            default:
                return false;
        }
    }

    private static bool IsSet(JsonElement stage, string name, bool otherwise) =>
        stage.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : otherwise;

    private static string Qwen(string numbers) =>
        $@"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|{numbers}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private sealed record Style(string Name, bool IgnoresMerges, string[] Patterns);
}
