using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Tensors;
using CodeTuner.Tests;

namespace CodeTuner.Models.Tests.Checkpoints.Gguf;

/// <summary>A model of one layer with hidden size 128, 2 heads on 1, and a gated MLP of 8: as wide as the golden matrix of GGUF's encodings.</summary>
internal sealed class SmallModel : IDisposable
{
    public const int Vocabulary = 703, Hidden = 128, HeadSize = 64, Intermediate = 8;

    private readonly TemporaryFolder folder = new();

    /// <summary>Weights by name; each holds its row's number unless a test sets it.</summary>
    public Dictionary<string, (int[] Shape, float[] Values)> Weights { get; } = [];

    public JsonObject Config { get; } = JsonNode.Parse(
        $$"""
        {"model_type":"llama","hidden_size":{{Hidden}},"num_hidden_layers":1,"num_attention_heads":2,"num_key_value_heads":1,"intermediate_size":{{Intermediate}},
         "vocab_size":{{Vocabulary}},"max_position_embeddings":64,"rms_norm_eps":1e-5,"tie_word_embeddings":true,"eos_token_id":0}
        """)!.AsObject();

    public string Path => folder.Path;

    public string Output => System.IO.Path.Combine(folder.Path, "out", "model.gguf");

    public SmallModel()
    {
        const string Layer = "model.layers.0.";
        Set("model.embed_tokens.weight", Vocabulary, Hidden);
        Set("model.norm.weight", Hidden);
        Set(Layer + "input_layernorm.weight", Hidden);
        Set(Layer + "post_attention_layernorm.weight", Hidden);
        Set(Layer + "self_attn.q_proj.weight", Hidden, Hidden);
        Set(Layer + "self_attn.k_proj.weight", HeadSize, Hidden);
        Set(Layer + "self_attn.v_proj.weight", HeadSize, Hidden);
        Set(Layer + "self_attn.o_proj.weight", Hidden, Hidden);
        Set(Layer + "mlp.gate_proj.weight", Intermediate, Hidden);
        Set(Layer + "mlp.up_proj.weight", Intermediate, Hidden);
        Set(Layer + "mlp.down_proj.weight", Hidden, Intermediate);
        UseTokenizer("qwen2");
    }

    public void Set(string name, params int[] shape)
    {
        int count = shape.Aggregate((a, b) => a * b), columns = shape.Length == 1 ? 1 : shape[1];
        Weights[name] = (shape, [.. Enumerable.Range(0, count).Select(i => (float)(i / columns))]);
    }

    /// <summary>Takes one of the golden tokenizers.</summary>
    public void UseTokenizer(string style, Action<JsonObject>? change = null)
    {
        JsonObject tokenizer = JsonNode.Parse(File.ReadAllText(Golden.At("tokenizers", style, "tokenizer.json")))!.AsObject();
        change?.Invoke(tokenizer);
        folder.File("tokenizer.json", tokenizer.ToJsonString());
    }

    /// <summary>Writes config and weights.</summary>
    public void Save()
    {
        folder.File("config.json", Config.ToJsonString());
        SafetensorsWriter writer = new();
        foreach ((string name, (int[] shape, float[] values)) in Weights)
        {
            Shape size = shape.Length == 1 ? new Shape(shape[0]) : new Shape(shape[0], shape[1]);
            writer.Add(name, DType.Float32, size, bytes => MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(bytes));
        }

        writer.Save(System.IO.Path.Combine(Path, "model.safetensors"));
    }

    public void Dispose() => folder.Dispose();
}
