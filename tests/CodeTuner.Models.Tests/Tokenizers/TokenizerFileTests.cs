using System.Text.Json.Nodes;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Tokenizers;

public class TokenizerFileTests
{
    public static TheoryData<string, string, string> Damage => new()
    {
        { "model.type", "\"WordPiece\"", "WordPiece" },
        { "normalizer", "{\"type\":\"Lowercase\"}", "Lowercase" },
        { "decoder.type", "\"Metaspace\"", "Metaspace" },
        { "pre_tokenizer", "{\"type\":\"Whitespace\"}", "Whitespace" },
        { "model.unk_token", "\"<unk>\"", "unk_token" },
        { "model.merges", "[\"zz qq\"]", "merge 0" },
        { "model.merges", "[\"one\"]", "not a merge" },
        { "post_processor", "{\"type\":\"RobertaProcessing\"}", "RobertaProcessing" },
        { "model", "3", "not supported" },
        { "model.byte_fallback", "true", "byte_fallback" },
        { "model.vocab", "{\"a\":300}", "without the byte" },
        { "pre_tokenizer", "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"a\"},\"behavior\":\"Isolated\",\"invert\":false}", "ByteLevel" },
        { "pre_tokenizer", "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"a*?\"},\"behavior\":\"Isolated\"}", "a*?" },
        { "pre_tokenizer", "{\"type\":\"Split\",\"pattern\":{\"String\":\"a\"},\"behavior\":\"Isolated\"}", "a Regex" },
        { "pre_tokenizer", "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"a\"},\"behavior\":\"MergedWithNext\"}", "MergedWithNext" },
        { "added_tokens", "[{\"id\":99999999,\"content\":\"x\"}]", "out of range" },
        { "added_tokens", "[{\"id\":700,\"content\":\"\"}]", "empty" },
        { "added_tokens", "[{\"id\":1,\"content\":\"x\"}]", "same id" },
        { "added_tokens", "[{\"id\":900,\"content\":\"in\"}]", "another id" },
    };

    [Theory]
    [MemberData(nameof(Damage))]
    public void Names_the_file_and_the_part_that_is_not_supported(string part, string json, string says)
    {
        using TemporaryFolder folder = new();
        JsonNode root = JsonNode.Parse(File.ReadAllText(Golden.At("tokenizers", "qwen2", "tokenizer.json")))!;
        string[] path = part.Split('.');
        JsonNode parent = path.Length == 1 ? root : root[path[0]]!;
        parent[path[^1]] = JsonNode.Parse(json);
        string file = folder.File("tokenizer.json", root.ToJsonString());
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => TokenizerFile.Load(file));
        Assert.Contains(file, e.Message, StringComparison.Ordinal);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("{\"model\":", "cannot be read")]
    [InlineData("{}", "cannot be read")]
    public void A_missing_or_broken_file_is_named(string? text, string says)
    {
        using TemporaryFolder folder = new();
        string file = text is null ? Path.Combine(folder.Path, "tokenizer.json") : folder.File("tokenizer.json", text);
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => TokenizerFile.Load(file));
        Assert.Contains(file, e.Message, StringComparison.Ordinal);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }
}
