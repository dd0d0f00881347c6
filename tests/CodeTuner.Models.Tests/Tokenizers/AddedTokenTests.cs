using System.Text.Json.Nodes;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Tokenizers;

public class AddedTokenTests
{
    private const int Added = 1000;

    public static TheoryData<string, string, string[]> Flags => new()
    {
        { "{}", "a <x> b", ["a ", "<x>", " b"] },
        { "{\"lstrip\":true}", "a  <x> b", ["a", "<x>", " b"] },
        { "{\"rstrip\":true}", "a <x>\n b", ["a ", "<x>", "b"] },
        { "{\"lstrip\":true,\"rstrip\":true}", " <x> <x> ", ["<x>", "<x>"] },
        { "{\"single_word\":true}", "a<x> <x>_ <x>", ["a<x> <x>_ ", "<x>"] },
        { "{\"content\":\"e\\u0301\",\"normalized\":true}", "x\u00e9y", ["x", "<x>", "y"] },
        { "{\"content\":\"e\\u0301\",\"normalized\":false}", "x\u00e9y e\u0301", ["x\u00e9y ", "<x>"] },
    };

    [Theory]
    [MemberData(nameof(Flags))]
    public void Is_found_as_its_flags_say(string flags, string text, string[] wanted)
    {
        Tokenizer tokenizer = With(Token("<x>", flags));
        int[] ids = tokenizer.Encode(text);
        List<string> parts = [];
        List<int> between = [];
        foreach (int id in ids.Append(-1))
        {
            if (id != Added && id != -1)
            {
                between.Add(id);
                continue;
            }

            if (between.Count > 0)
                parts.Add(tokenizer.Decode([.. between]));
            between.Clear();
            if (id == Added)
                parts.Add("<x>");
        }

        Assert.Equal(wanted, parts);
    }

    [Fact]
    public void The_longest_of_those_that_begin_together_counts()
    {
        Tokenizer tokenizer = With(Token("<a", "{}"), Token("<ab>", "{\"id\":1001}"));
        Assert.Equal([1001, 1000], tokenizer.Encode("<ab><a"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_special_token_is_found_only_where_asked(bool asked)
    {
        Tokenizer tokenizer = With(Token("<x>", "{\"special\":true}"));
        int[] ids = tokenizer.Encode("a<x>b", asked);
        Assert.Equal(asked, ids.Contains(Added));
        Assert.Equal("a<x>b", tokenizer.Decode(ids));
        Assert.Equal(asked ? "ab" : "a<x>b", tokenizer.Decode(ids, skipSpecial: true));
    }

    [Fact]
    public void Text_does_not_merge_into_a_special_token()
    {
        // "in" is what the second merge of this vocabulary makes.
        JsonNode root = JsonNode.Parse(File.ReadAllText(Golden.At("tokenizers", "llama3", "tokenizer.json")))!;
        int id = root["model"]!["vocab"]!["in"]!.GetValue<int>();
        root["added_tokens"]!.AsArray().Add(JsonNode.Parse($"{{\"id\":{id},\"content\":\"in\",\"special\":true}}"));
        Tokenizer tokenizer = Load(root);
        Assert.DoesNotContain(id, tokenizer.Encode("in"));
        Assert.Equal([id], tokenizer.Encode("in", parseSpecial: true));
    }

    [Fact]
    public void An_id_without_a_token_stands_for_no_text()
    {
        Tokenizer tokenizer = With();
        Assert.Equal("", tokenizer.Decode([tokenizer.VocabularySize, -1, int.MaxValue]));
        Assert.True(tokenizer.Bytes(tokenizer.VocabularySize).IsEmpty);
    }

    public static TheoryData<string, string[], FimFormat?> Families => new()
    {
        { "Qwen2.5-Coder", ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|endoftext|>"], new FimFormat(1000, 1001, 1002, 1003, null, null, null) },
        { "StarCoder2", ["<fim_prefix>", "<fim_middle>", "<fim_suffix>", "<|endoftext|>", "<file_sep>", "<repo_name>"], new FimFormat(1000, 1002, 1001, 1003, 1004, 1005, null) },
        { "DeepSeek-Coder", ["<｜end▁of▁sentence｜>", "<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"], new FimFormat(1001, 1002, 1003, 1000, null, null, null) },
        { "Code Llama", ["</s>", "▁<PRE>", "▁<SUF>", "▁<MID>", "▁<EOT>"], new FimFormat(1001, 1002, 1003, 1004, null, null, null) },
        { "Granite Code", ["<|endoftext|>", "<fim_prefix>", "<fim_middle>", "<fim_suffix>", "<fim_pad>", "<filename>", "<reponame>"], new FimFormat(1001, 1003, 1002, 1000, 1005, 1006, 1004) },
        { "without an end", ["<fim_prefix>", "<fim_middle>", "<fim_suffix>"], null },
        { "without a suffix", ["<fim_prefix>", "<fim_middle>", "<|endoftext|>"], null },
        { "none", [], null },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void The_format_of_a_family_is_told_by_its_sentinels(string family, string[] tokens, FimFormat? wanted)
    {
        Tokenizer tokenizer = With([.. tokens.Select((t, i) => Token(t, $"{{\"id\":{Added + i},\"special\":true}}"))]);
        FimFormat? found = FimFormat.Detect(tokenizer);
        Assert.True(wanted == found, $"{family}: {found}");
    }

    [Fact]
    public void Many_threads_get_the_same_ids()
    {
        Tokenizer tokenizer = With();
        string[] texts = [.. Enumerable.Range(0, 200).Select(i => $"int value{i % 50} = Compute({i % 50}); // {i % 50}\n")];
        int[][] alone = [.. texts.Select(t => With().Encode(t)).Take(50)];
        int[][] together = new int[texts.Length][];
        Parallel.For(0, texts.Length, i => together[i] = tokenizer.Encode(texts[i]));
        for (int i = 0; i < texts.Length; i++)
            Assert.Equal(alone[i % 50], together[i]);
    }

    private static JsonObject Token(string content, string fields)
    {
        JsonObject token = new() { ["id"] = Added, ["content"] = content, ["special"] = false, ["normalized"] = false };
        foreach ((string name, JsonNode? value) in JsonNode.Parse(fields)!.AsObject())
            token[name] = value!.DeepClone();
        return token;
    }

    private static Tokenizer With(params JsonObject[] added)
    {
        JsonNode root = JsonNode.Parse(File.ReadAllText(Golden.At("tokenizers", "qwen2", "tokenizer.json")))!;
        foreach (JsonNode? token in root["added_tokens"]!.AsArray())
            root["model"]!["vocab"]!.AsObject().Remove(token!["content"]!.GetValue<string>());
        root["added_tokens"] = new JsonArray([.. added]);
        return Load(root);
    }

    private static Tokenizer Load(JsonNode root)
    {
        using TemporaryFolder folder = new();
        return TokenizerFile.Load(folder.File("tokenizer.json", root.ToJsonString()));
    }
}
