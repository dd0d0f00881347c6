using System.CommandLine;
using CodeTuner.Models.Architectures;
using CodeTuner.Models.Hub;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;

namespace CodeTuner.Compare;

/// <summary><c>random-model</c>: a model of Qwen2.5-Coder-0.5B's shape with random weights, for speeds: those do not depend on what the weights are.</summary>
internal static class RandomModelCommand
{
    // Sizes of the model's config.json.
    private const string Config = """
        {
          "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_size": 896, "num_hidden_layers": 24, "num_attention_heads": 14,
          "num_key_value_heads": 2, "intermediate_size": 4864, "vocab_size": 151936, "max_position_embeddings": 32768, "rope_theta": 1000000.0,
          "rms_norm_eps": 1e-06, "hidden_act": "silu", "tie_word_embeddings": true, "eos_token_id": 0, "torch_dtype": "bfloat16"
        }
        """;

    public static Command Create()
    {
        Argument<string> folder = new("folder") { Description = "Where to write it: about a gigabyte. Then give it to --model." };
        Command command = new("random-model", "Write a model of Qwen2.5-Coder-0.5B's shape with random weights.") { folder };
        command.SetAction(result => Write(result.GetValue(folder)!));
        return command;
    }

    private static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        string config = Path.Combine(folder, "config.json");
        File.WriteAllText(config, Config);
        using CpuBackend backend = new();
        using (Decoder decoder = Decoder.Random(ModelConfig.Load(config), backend, seed: 1, DType.BFloat16))
            decoder.Save(folder, DType.BFloat16);

        // Any tokenizer that is small enough: the speeds are those of token ids.
        string embedded = ModelCatalog.Find(null);
        foreach (string file in new[] { "tokenizer.json", "tokenizer_config.json" })
            File.Copy(Path.Combine(embedded, file), Path.Combine(folder, file), overwrite: true);
    }
}
