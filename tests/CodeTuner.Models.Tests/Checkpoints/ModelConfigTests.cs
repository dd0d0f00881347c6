using System.Text.Json.Nodes;
using CodeTuner.Models.Architectures;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Checkpoints;

public class ModelConfigTests
{
    private const string Smallest =
        "{\"model_type\":\"llama\",\"hidden_size\":64,\"num_hidden_layers\":2,\"num_attention_heads\":4,\"intermediate_size\":96,\"vocab_size\":100}";

    [Theory]
    [InlineData("llama")]
    [InlineData("llama3-rope")]
    [InlineData("qwen2")]
    public void Counts_the_parameters_that_the_checkpoint_holds(string model)
    {
        ModelConfig config = ModelConfig.Load(Golden.At("models", model, "config.json"));
        using Checkpoint checkpoint = Checkpoint.Open(Golden.At("models", model));
        Assert.Equal(checkpoint.Names.Sum(n => checkpoint.FileOf(n).Entries[n].Count), config.ParameterCount);
    }

    [Fact]
    public void Takes_the_defaults_of_transformers()
    {
        ModelConfig config = Parse(Smallest);
        Assert.Equal((4, 16, 2048, 1e-6f, 10_000.0), (config.KeyValueHeads, config.HeadSize, config.MaxPositions, config.RmsNormEpsilon, config.RopeTheta));
        Assert.False(config.TieWordEmbeddings || config.QkvBias || config.OutputBias || config.MlpBias);
        Assert.Empty(config.EndOfTextIds);
        Assert.Null(config.RopeScaling);
        Assert.Null(config.PadId);
    }

    public static TheoryData<string, Func<ModelConfig, object?>, object?> Fields => new()
    {
        { "{\"eos_token_id\":[1,2]}", c => string.Join(",", c.EndOfTextIds), "1,2" },
        { "{\"eos_token_id\":[1,null]}", c => string.Join(",", c.EndOfTextIds), "1" },
        { "{\"eos_token_id\":0}", c => string.Join(",", c.EndOfTextIds), "0" },
        { "{\"eos_token_id\":null}", c => c.EndOfTextIds.Count, 0 },
        { "{\"bos_token_id\":3,\"pad_token_id\":4}", c => (c.BeginOfTextId, c.PadId), ((int?)3, (int?)4) },
        { "{\"rope_parameters\":{\"rope_theta\":500000.0,\"rope_type\":\"default\"}}", c => (c.RopeTheta, c.RopeScaling), (500_000.0, (RopeScaling?)null) },
        { "{\"rope_scaling\":{\"type\":\"linear\",\"factor\":2.0}}", c => c.RopeScaling?.Factor, 2.0 },
        { "{\"rope_scaling\":{\"rope_type\":\"llama3\",\"factor\":8,\"low_freq_factor\":1,\"high_freq_factor\":4,\"original_max_position_embeddings\":64}}", c => c.RopeScaling?.OriginalMaxPositions, 64.0 },
        { "{\"rope_scaling\":null}", c => c.RopeScaling, null },
        { "{\"attention_bias\":true}", c => (c.QkvBias, c.OutputBias), (true, true) },
        { "{\"model_type\":\"qwen2\"}", c => (c.QkvBias, c.OutputBias), (true, false) },
        { "{\"head_dim\":null}", c => c.HeadSize, 16 },
        { "{\"head_dim\":32}", c => c.HeadSize, 32 },
        { "{\"torch_dtype\":\"bfloat16\"}", c => c.StoredType, "bfloat16" },
        { "{\"dtype\":\"float16\",\"torch_dtype\":\"bfloat16\"}", c => c.StoredType, "float16" },
        { "{\"layer_types\":[\"full_attention\",\"full_attention\"],\"use_sliding_window\":false,\"partial_rotary_factor\":1.0}", c => c.LayerCount, 2 },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void Reads_a_field(string changes, Func<ModelConfig, object?> read, object? wanted) => Assert.Equal(wanted, read(Parse(Changed(changes))));

    public static TheoryData<string, string> Refused => new()
    {
        { "{\"model_type\":\"mamba\"}", "llama" },
        { "{\"model_type\":null}", "qwen2" },
        { "{\"hidden_act\":\"gelu\"}", "gelu" },
        { "{\"use_sliding_window\":true}", "sliding" },
        { "{\"layer_types\":[\"full_attention\",\"sliding_attention\"]}", "sliding_attention" },
        { "{\"quantization_config\":{\"quant_method\":\"gptq\"}}", "gptq" },
        { "{\"partial_rotary_factor\":0.5}", "partial_rotary_factor" },
        { "{\"rope_scaling\":{\"rope_type\":\"yarn\",\"factor\":4}}", "yarn" },
        { "{\"rope_scaling\":{\"rope_type\":\"llama3\",\"factor\":4}}", "low_freq_factor" },
        { "{\"hidden_size\":null}", "hidden_size" },
        { "{\"vocab_size\":0}", "vocab_size" },
        { "{\"num_hidden_layers\":-1}", "num_hidden_layers" },
        { "{\"num_hidden_layers\":\"two\"}", "cannot be read" },
        { "{\"num_hidden_layers\":1e30}", "cannot be read" },
        { "{\"num_key_value_heads\":3}", "cannot share" },
        { "{\"num_attention_heads\":5}", "evenly" },
        { "{\"head_dim\":15}", "even" },
        { "{\"rope_theta\":0}", "rope_theta" },
        { "{\"rms_norm_eps\":-1}", "rms_norm_eps" },
        { "{\"eos_token_id\":\"</s>\"}", "cannot be read" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refuses_what_would_give_wrong_answers(string changes, string says)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("config.json", Changed(changes));
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => ModelConfig.Load(path));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_fields_that_it_does_not_know()
    {
        using TemporaryFolder folder = new();
        string text = Changed("{\"transformers_version\":\"4.57.1\",\"rope_theta\":10000.0,\"future\":{\"a\":[1]}}");
        string copy = Path.Combine(folder.Path, "copy.json");
        ModelConfig.Load(folder.File("config.json", text)).Save(copy);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(text), JsonNode.Parse(File.ReadAllText(copy))));
    }

    private static string Changed(string changes)
    {
        JsonObject json = JsonNode.Parse(Smallest)!.AsObject();
        foreach ((string name, JsonNode? value) in JsonNode.Parse(changes)!.AsObject())
            json[name] = value?.DeepClone();
        return json.ToJsonString();
    }

    private static ModelConfig Parse(string text)
    {
        using TemporaryFolder folder = new();
        return ModelConfig.Load(folder.File("config.json", text));
    }
}
