using System.Text.Json;
using CodeTuner.Models.Generation;

namespace CodeTuner.Compare;

/// <summary>What the two sides are compared on.</summary>
internal static class Samples
{
    private static readonly string[] OddTexts =
    [
        "a <|fim_prefix|> b <|endoftext|>", "  \t\t  \r\n\r\n x\n\n\n", "I'LL they're 'S 's ''re", "12345 0x1F 3.14e-10 ½ ٣٤ Ⅷ", "naïve Ünïcode çà ñ", "日本語のコメント、漢字 한국어",
        "👩‍👩‍👧‍👦 🚀🚀 \U00020000\U0001F1E9", "e\u0301 a\u0308 \u0915\u094D\u0937", "\u00A0\u2003x\u3000y\u200B", "a\0b\u0001\u007F", "!!!===>>>::??//**&&||", "\uFEFFusing System;", "    ", "\n", " a",
        "snake_case camelCase SCREAMING_CASE kebab-case $var @decorator #include",
    ];

    /// <summary>Texts to cut into tokens: odd ones, and this repository's own files.</summary>
    public static IEnumerable<string> Texts() =>
        OddTexts.Concat(new[] { "server", "client", "docs", "scripts", "bench" }.Select(f => Path.Combine(Root, f)).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories))
            .Where(f => Path.GetExtension(f) is ".cs" or ".ts" or ".mjs" or ".md" && !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(File.ReadAllText));

    /// <summary>The prompts of prompts.json: left to right, or around a gap where there is a text after it.</summary>
    public static IEnumerable<int[]> Prompts(DecoderLanguageModel model)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, "bench", "compare", "prompts.json")));
        foreach (JsonElement prompt in document.RootElement.EnumerateArray())
        {
            string prefix = prompt.GetProperty("prefix").GetString()!;
            bool gap = prompt.TryGetProperty("suffix", out JsonElement suffix);
            yield return gap && model.FimFormat is { } fim
                ? [fim.Prefix, .. model.Tokenizer.Encode(prefix), fim.Suffix, .. model.Tokenizer.Encode(suffix.GetString()!), fim.Middle]
                : model.Tokenizer.Encode(prefix);
        }
    }

    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CodeTuner.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Run this from a checkout of the repository.");
    }
}
