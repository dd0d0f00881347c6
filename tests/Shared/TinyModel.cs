using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CodeTuner.Tests;

/// <summary>The embedded model's words on one small layer of random weights: a step of it takes milliseconds, even on a driver that draws on the processor.</summary>
internal static class TinyModel
{
    private const int Hidden = 32, Intermediate = 64, Heads = 2, HeadSize = Hidden / Heads;

    /// <summary>Writes it in Hugging Face's layout.</summary>
    /// <returns>The folder.</returns>
    public static string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        string embedded = Path.Combine(Repository.Root, "models", "codetuner-10m");
        foreach (string file in Directory.EnumerateFiles(embedded, "tokenizer*"))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        JsonNode config = JsonNode.Parse(File.ReadAllText(Path.Combine(embedded, "config.json")))!;
        (config["hidden_size"], config["intermediate_size"], config["num_hidden_layers"]) = (Hidden, Intermediate, 1);
        (config["num_attention_heads"], config["num_key_value_heads"], config["head_dim"], config["torch_dtype"]) = (Heads, 1, HeadSize, "float32");
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        WriteWeights(Path.Combine(folder, "model.safetensors"), (int)config["vocab_size"]!);
        return folder;
    }

    private static void WriteWeights(string path, int words)
    {
        const string Layer = "model.layers.0.";
        (string Name, int[] Shape)[] tensors =
        [
            ("model.embed_tokens.weight", [words, Hidden]), ("model.norm.weight", [Hidden]),
            (Layer + "input_layernorm.weight", [Hidden]), (Layer + "post_attention_layernorm.weight", [Hidden]),
            (Layer + "mlp.gate_proj.weight", [Intermediate, Hidden]), (Layer + "mlp.up_proj.weight", [Intermediate, Hidden]),
            (Layer + "mlp.down_proj.weight", [Hidden, Intermediate]), (Layer + "self_attn.q_proj.weight", [Hidden, Hidden]),
            (Layer + "self_attn.k_proj.weight", [HeadSize, Hidden]), (Layer + "self_attn.v_proj.weight", [HeadSize, Hidden]),
            (Layer + "self_attn.o_proj.weight", [Hidden, Hidden]),
        ];
        Random random = new(1);
        using MemoryStream data = new();
        JsonObject header = [];
        foreach ((string name, int[] shape) in tensors)
        {
            long start = data.Length;
            for (int i = 0; i < shape.Aggregate(1, (a, b) => a * b); i++)
                data.Write(BitConverter.GetBytes(shape.Length == 1 ? 1f : (random.NextSingle() - 0.5f) * 0.2f));
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = JsonSerializer.SerializeToNode(shape),
                ["data_offsets"] = JsonSerializer.SerializeToNode(new[] { start, data.Length }),
            };
        }

        byte[] json = Encoding.UTF8.GetBytes(header.ToJsonString());
        byte[] padded = [.. json, .. Enumerable.Repeat((byte)' ', (8 - (json.Length % 8)) % 8)];
        using FileStream file = File.Create(path);
        file.Write(BitConverter.GetBytes((long)padded.Length));
        file.Write(padded);
        file.Write(data.ToArray());
    }
}
