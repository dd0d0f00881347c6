using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Models.Checkpoints.Gguf;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Storage;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Checkpoints.Gguf;

public class GgufExportTests
{
    private static readonly string Embedded = Path.Combine(Repository.Root, "models", "codetuner-10m");

    [Theory]
    [InlineData(DType.Q8_0, "Q8_0")]
    [InlineData(DType.Q4_0, "Q4_0")]
    [InlineData(DType.Float16, "F16")]
    [InlineData(DType.BFloat16, "BF16")]
    [InlineData(DType.Float32, null)]
    public void Stores_a_matrix_as_the_reference_does(DType type, string? golden)
    {
        byte[] matrix = File.ReadAllBytes(Golden.At("gguf", "matrix.f32"));
        using SmallModel model = new();
        model.Weights["model.layers.0.mlp.gate_proj.weight"] = ([8, 128], MemoryMarshal.Cast<byte, float>(matrix).ToArray());
        model.Save();
        GgufExport.Write(model.Path, model.Output, type);
        using GgufFile file = new(model.Output);
        Assert.Equal(golden ?? "F32", file.Tensors["blk.0.ffn_gate.weight"].Type.Name);
        Assert.Equal([8L, 128], file.Tensors["blk.0.ffn_gate.weight"].Shape);
        Assert.Equal(golden is null ? matrix : File.ReadAllBytes(Golden.At("gguf", "matrix." + golden)), file.Bytes("blk.0.ffn_gate.weight").ToArray());
        if (golden is not null)
            Assert.Equal(MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Golden.At("gguf", $"matrix.{golden}.back.f32"))).ToArray(), file.Floats("blk.0.ffn_gate.weight"));
    }

    [Theory]
    [InlineData(DType.Q8_0, "Q8_0", 7u)]
    [InlineData(DType.Q4_0, "Q4_0", 2u)]
    public void Stores_vectors_as_float32_and_short_rows_as_float16(DType type, string name, uint fileType)
    {
        using SmallModel model = new();
        model.Save();
        GgufExport.Write(model.Path, model.Output, type);
        using GgufFile file = new(model.Output);
        Assert.Equal("F32", file.Tensors["blk.0.attn_norm.weight"].Type.Name);
        Assert.Equal(name, file.Tensors["blk.0.ffn_up.weight"].Type.Name);
        Assert.Equal("Q8_0", file.Tensors["token_embd.weight"].Type.Name); // never in four bits
        Assert.Equal("F16", file.Tensors["blk.0.ffn_down.weight"].Type.Name); // rows of 8 are no blocks of 32
        Assert.Equal(fileType, file.Get<uint>("general.file_type"));
        Assert.Equal(2u, file.Get<uint>("general.quantization_version"));
    }

    // In llama.cpp's Llama the two halves of a head's rows alternate; Qwen2's stay as they are.
    [Theory]
    [InlineData("llama", 0, 32, 1, 33)]
    [InlineData("qwen2", 0, 1, 2, 3)]
    public void Orders_the_rows_of_queries_and_keys_for_the_rotary_embedding(string type, params int[] first)
    {
        using SmallModel model = new();
        model.Config["model_type"] = type;
        model.Config["attention_bias"] = true;
        foreach ((string name, int size) in new[] { ("q", 128), ("k", 64), ("v", 64) })
            model.Set($"model.layers.0.self_attn.{name}_proj.bias", size);
        if (type == "llama")
            model.Set("model.layers.0.self_attn.o_proj.bias", 128);
        model.Save();
        GgufExport.Write(model.Path, model.Output, DType.Float32);
        using GgufFile file = new(model.Output);
        int[] Rows(string name, int columns) => [.. file.Floats(name).Where((_, i) => i % columns == 0).Select(v => (int)v)];
        foreach (int[] queries in new[] { Rows("blk.0.attn_q.weight", 128), Rows("blk.0.attn_q.bias", 1) })
        {
            Assert.Equal(first, queries[..4]);
            Assert.Equal(first.Select(row => row + 64), queries[64..68]); // the second head
            Assert.Equal(Enumerable.Range(0, 128), queries.Order());
        }

        Assert.Equal(first, Rows("blk.0.attn_k.weight", 128)[..4]);
        Assert.Equal(first, Rows("blk.0.attn_k.bias", 1)[..4]);
        Assert.Equal(Enumerable.Range(0, 64), Rows("blk.0.attn_v.weight", 128));
        Assert.Equal(Enumerable.Range(0, 64), Rows("blk.0.attn_v.bias", 1));
        Assert.Equal(Enumerable.Range(0, 128), Rows("blk.0.attn_output.weight", 128));
    }

    [Fact]
    public void Describes_the_embedded_model()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "model.gguf");
        GgufExport.Write(Embedded, path, DType.BFloat16);
        using GgufFile file = new(path);
        (string Key, object Value)[] wanted =
        [
            ("general.architecture", "llama"), ("general.name", "codetuner-10m"), ("general.file_type", 32u), ("general.alignment", 32u),
            ("llama.context_length", 1024u), ("llama.embedding_length", 256u), ("llama.block_count", 8u), ("llama.feed_forward_length", 704u),
            ("llama.attention.head_count", 4u), ("llama.attention.head_count_kv", 2u), ("llama.attention.layer_norm_rms_epsilon", 1e-5f),
            ("llama.rope.freq_base", 100_000f), ("llama.rope.dimension_count", 64u), ("llama.vocab_size", 16384u),
            ("tokenizer.ggml.model", "gpt2"), ("tokenizer.ggml.pre", "qwen2"), ("tokenizer.ggml.bos_token_id", 0u), ("tokenizer.ggml.eos_token_id", 0u),
            ("tokenizer.ggml.padding_token_id", 4u), ("tokenizer.ggml.fim_pre_token_id", 1u), ("tokenizer.ggml.fim_suf_token_id", 3u),
            ("tokenizer.ggml.fim_mid_token_id", 2u), ("tokenizer.ggml.fim_pad_token_id", 4u), ("tokenizer.ggml.fim_rep_token_id", 5u),
            ("tokenizer.ggml.fim_sep_token_id", 6u), ("tokenizer.ggml.add_bos_token", false), ("tokenizer.ggml.add_eos_token", false),
        ];
        Assert.Equal(wanted, wanted.Select(w => (w.Key, file.Metadata.GetValueOrDefault(w.Key)!)));
        Assert.False(file.Metadata.ContainsKey("llama.attention.key_length"));
        string[] tokens = file.Get<string[]>("tokenizer.ggml.tokens");
        Assert.Equal(16384, tokens.Length);
        Assert.Equal(["<|endoftext|>", "!", "\""], [tokens[0], tokens[7], tokens[8]]);
        Assert.Equal([3, 3, 3, 3, 3, 3, 3, 1], file.Get<int[]>("tokenizer.ggml.token_type")[..8]);
        string[] merges = file.Get<string[]>("tokenizer.ggml.merges");
        Assert.Equal(["Ġ Ġ", "ĠĠ ĠĠ", "ĠĠ Ġ", "e r"], merges[..4]);
        Assert.Equal(16121, merges.Length);

        Assert.False(file.Tensors.ContainsKey("output.weight")); // tied
        Assert.Equal(2 + (8 * 9), file.Tensors.Count);
        using SafetensorsFile source = new(Path.Combine(Embedded, "model.safetensors"));
        Assert.Equal(source.Bytes("model.embed_tokens.weight").ToArray(), file.Bytes("token_embd.weight").ToArray());
        Assert.Equal(source.Bytes("model.layers.7.mlp.down_proj.weight").ToArray(), file.Bytes("blk.7.ffn_down.weight").ToArray());
        Assert.Equal(source.Floats("model.norm.weight"), file.Floats("output_norm.weight"));
    }

    [Fact]
    public void Exports_shards_biases_and_an_output_of_its_own()
    {
        using SmallModel model = new();
        model.Config["tie_word_embeddings"] = false;
        model.Config["mlp_bias"] = true;
        model.Config["head_dim"] = 32;
        model.Config["rope_scaling"] = new JsonObject { ["rope_type"] = "linear", ["factor"] = 4.0 };
        model.Set("lm_head.weight", SmallModel.Vocabulary, SmallModel.Hidden);
        model.Set("model.layers.0.mlp.gate_proj.bias", 8);
        model.Set("model.layers.0.mlp.up_proj.bias", 8);
        model.Set("model.layers.0.mlp.down_proj.bias", 128);
        model.Set("model.layers.0.self_attn.q_proj.weight", 64, 128);
        model.Set("model.layers.0.self_attn.k_proj.weight", 32, 128);
        model.Set("model.layers.0.self_attn.v_proj.weight", 32, 128);
        model.Set("model.layers.0.self_attn.o_proj.weight", 128, 64);
        model.Save();
        GgufExport.Write(model.Path, model.Output, DType.Float16, "small");
        using GgufFile file = new(model.Output);
        Assert.Equal("small", file.Get<string>("general.name"));
        Assert.Equal((32u, 32u, 32u), (file.Get<uint>("llama.attention.key_length"), file.Get<uint>("llama.attention.value_length"), file.Get<uint>("llama.rope.dimension_count")));
        Assert.Equal(("linear", 4f), (file.Get<string>("llama.rope.scaling.type"), file.Get<float>("llama.rope.scaling.factor")));
        Assert.Equal([703L, 128], file.Tensors["output.weight"].Shape);
        Assert.Equal([128L], file.Tensors["blk.0.ffn_down.bias"].Shape);
    }

    [Fact]
    public void Writes_the_factors_of_llama3s_rope_scaling()
    {
        using SmallModel model = new();
        model.Config["rope_theta"] = 500_000;
        model.Config["rope_scaling"] = JsonNode.Parse("""{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":64}""");
        model.Save();
        GgufExport.Write(model.Path, model.Output, DType.Float16);
        using GgufFile file = new(model.Output);
        float[] factors = file.Floats("rope_freqs.weight");
        Assert.Equal(32, factors.Length);
        Assert.Equal(1, factors[0]); // wavelength 2π, shorter than 64 / 4
        Assert.Equal(8, factors[^1]); // far longer than 64

        // A wavelength between: 2π · 500000^(10/64) = 48.8 tokens, so 64 / 48.8 of the way from 1 to 4.
        double smooth = ((64 / (2 * Math.PI * Math.Pow(500_000, 10.0 / 64))) - 1) / 3;
        Assert.Equal(1 / (((1 - smooth) / 8) + smooth), factors[5], 1e-4);
    }

    [Theory]
    [InlineData("qwen2", "qwen2")]
    [InlineData("llama3", "llama-bpe")]
    [InlineData("gpt2", "gpt-2")]
    [InlineData("starcoder2", "starcoder")]
    [InlineData("deepseek-coder", "deepseek-coder")]
    public void Names_the_pre_tokenizer(string style, string name)
    {
        using SmallModel model = new();
        model.UseTokenizer(style);
        model.Save();
        GgufExport.Write(model.Path, model.Output, DType.Float16);
        using GgufFile file = new(model.Output);
        Assert.Equal(name, file.Get<string>("tokenizer.ggml.pre"));

        // Every id has a name, no two the same, and what is not a token is marked as unused.
        string[] tokens = file.Get<string[]>("tokenizer.ggml.tokens");
        Assert.Equal(SmallModel.Vocabulary, tokens.Distinct().Count());
        int size = TokenizerFile.Load(Path.Combine(model.Path, "tokenizer.json")).VocabularySize;
        Assert.All(file.Get<int[]>("tokenizer.ggml.token_type")[size..], type => Assert.Equal(5, type));
    }

    [Fact]
    public void A_template_that_begins_texts_asks_for_the_beginning()
    {
        using SmallModel model = new();
        model.UseTokenizer("llama3");
        model.Save();
        GgufExport.Write(model.Path, model.Output, DType.Float16);
        using GgufFile file = new(model.Output);
        int[] ids = TokenizerFile.Load(Path.Combine(model.Path, "tokenizer.json")).EncodeWithSpecial("");
        Assert.Equal(((uint)ids[0], true), (file.Get<uint>("tokenizer.ggml.bos_token_id"), file.Get<bool>("tokenizer.ggml.add_bos_token")));
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "type", "gemma" },
        { "adapter", "Merge" },
        { "extra", "model.layers.0.self_attn.q_norm.weight" },
        { "shape", "(8, 128)" },
        { "large", "bf16" },
        { "nan", "damaged" },
        { "words", "none that GGUF can name" },
        { "prefix space", "none that GGUF can name" },
        { "tokens", "do not belong together" },
        { "end", "eos_token_id" },
        { "end outside", "5000" },
        { "two before", "several tokens" },
        { "qwen2 heads", "head_dim 32" },
        { "qwen2 rope", "rope scaling" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refuses_what_llama_cpp_would_read_otherwise_and_leaves_the_old_file(string what, string says)
    {
        using SmallModel model = new();
        switch (what)
        {
            case "type":
                model.Config["model_type"] = "gemma";
                break;
            case "adapter":
                model.Set("model.layers.0.self_attn.q_proj.lora_A.weight", 4, 128);
                break;
            case "extra":
                model.Set("model.layers.0.self_attn.q_norm.weight", 64);
                break;
            case "shape":
                model.Set("model.layers.0.mlp.up_proj.weight", 9, 128);
                break;
            case "large":
                model.Weights["model.layers.0.mlp.up_proj.weight"].Values[5] = 65520;
                break;
            case "nan":
                model.Weights["model.norm.weight"].Values[5] = float.NaN;
                break;
            case "words":
                model.UseTokenizer("qwen2", t => t["pre_tokenizer"]!["pretokenizers"]![0]!["pattern"]!["Regex"] = @"\p{L}+|\s+");
                break;
            case "prefix space":
                model.UseTokenizer("gpt2", t => t["pre_tokenizer"]!["add_prefix_space"] = true);
                break;
            case "tokens":
                model.Config["vocab_size"] = 300;
                break;
            case "end":
                model.Config.Remove("eos_token_id");
                model.UseTokenizer("gpt2", t => t["added_tokens"] = new JsonArray());
                break;
            case "end outside":
                model.Config["eos_token_id"] = 5000;
                break;
            case "two before":
                model.UseTokenizer("qwen2", t => t["post_processor"] = JsonNode.Parse(
                    """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"a"}},{"Sequence":{"id":"A"}}],"special_tokens":{"a":{"ids":[1,2]}}}"""));
                break;
            case "qwen2 heads":
                (model.Config["model_type"], model.Config["head_dim"]) = ("qwen2", 32);
                break;
            default:
                model.Config["model_type"] = "qwen2";
                model.Config["rope_scaling"] = JsonNode.Parse("""{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":64}""");
                break;
        }

        model.Save();
        AtomicFile.WriteText(model.Output, "old");
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => GgufExport.Write(model.Path, model.Output, DType.Float16));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(model.Output));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(model.Output)!));
    }

    [Fact]
    public void Refuses_an_adapter_folder()
    {
        using TemporaryFolder folder = new();
        folder.File("adapter_config.json", "{}");
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => GgufExport.Write(folder.Path, Path.Combine(folder.Path, "a.gguf"), DType.Float16));
        Assert.Contains("is an adapter", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_back_gives_each_row_as_its_storage_rounds_it()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "model.gguf");
        GgufExport.Write(Embedded, path, DType.Q8_0);
        using GgufFile file = new(path);
        using SafetensorsFile source = new(Path.Combine(Embedded, "model.safetensors"));
        float[] values = source.Floats("model.layers.3.mlp.gate_proj.weight");
        byte[] encoded = new byte[DType.Q8_0.RowBytes(values.Length)];
        StorageFormats.Encode(values, encoded, DType.Q8_0);
        Assert.Equal(encoded, file.Bytes("blk.3.ffn_gate.weight").ToArray());
    }
}
