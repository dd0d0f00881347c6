using CodeTuner.Models.Architectures;
using CodeTuner.Tensors;

namespace CodeTuner.Models.Checkpoints.Gguf;

/// <summary>What a GGUF file says of a model's sizes, under the keys of llama.cpp.</summary>
internal static class GgufArchitecture
{
    /// <summary>Refuses what llama.cpp would run otherwise, or not at all.</summary>
    public static void Check(string path, ModelConfig config)
    {
        if (config.ModelType is not ("llama" or "qwen2"))
            throw Bad($"models of type \"{config.ModelType}\" cannot be exported to GGUF yet; llama and qwen2 can");
        if (config.ModelType != "qwen2")
            return;

        // As llama.cpp lays out the tensors of qwen2.
        if (config.HeadSize * config.QueryHeads != config.HiddenSize)
            throw Bad($"llama.cpp's qwen2 has heads of hidden_size / num_attention_heads; head_dim {config.HeadSize} cannot be exported");
        if (config.MlpBias || config.OutputBias)
            throw Bad("llama.cpp's qwen2 has biases at q, k and v only; this model has others");
        if (config.RopeScaling is { Kind: "llama3" })
            throw Bad("llama.cpp's qwen2 does not know llama3's rope scaling");

        ModelFormatException Bad(string what) => new($"{path}: {what}. Export it in Hugging Face's layout instead.");
    }

    /// <summary>Adds the keys.</summary>
    public static void Describe(GgufWriter writer, ModelConfig config, DType type, string name)
    {
        string architecture = config.ModelType;
        writer.Set("general.architecture", architecture);
        writer.Set("general.type", "model");
        writer.Set("general.name", name);
        writer.Set("general.file_type", FileType(type));
        if (type.IsQuantised())
            writer.Set("general.quantization_version", 2u); // ggml's block layouts of today
        writer.Set($"{architecture}.vocab_size", (uint)config.VocabularySize);
        writer.Set($"{architecture}.context_length", (uint)config.MaxPositions);
        writer.Set($"{architecture}.embedding_length", (uint)config.HiddenSize);
        writer.Set($"{architecture}.block_count", (uint)config.LayerCount);
        writer.Set($"{architecture}.feed_forward_length", (uint)config.IntermediateSize);
        writer.Set($"{architecture}.attention.head_count", (uint)config.QueryHeads);
        writer.Set($"{architecture}.attention.head_count_kv", (uint)config.KeyValueHeads);
        writer.Set($"{architecture}.attention.layer_norm_rms_epsilon", config.RmsNormEpsilon);
        if (config.HeadSize * config.QueryHeads != config.HiddenSize)
        {
            writer.Set($"{architecture}.attention.key_length", (uint)config.HeadSize);
            writer.Set($"{architecture}.attention.value_length", (uint)config.HeadSize);
        }

        writer.Set($"{architecture}.rope.dimension_count", (uint)config.HeadSize);
        writer.Set($"{architecture}.rope.freq_base", (float)config.RopeTheta);
        if (config.RopeScaling is { Kind: "linear" } linear)
        {
            writer.Set($"{architecture}.rope.scaling.type", "linear");
            writer.Set($"{architecture}.rope.scaling.factor", (float)linear.Factor);
        }
    }

    // llama.cpp's llama_ftype: what most tensors of the file are stored as.
    private static uint FileType(DType type) => type switch
    {
        DType.Float32 => 0,
        DType.Float16 => 1,
        DType.Q4_0 => 2,
        DType.Q8_0 => 7,
        _ => 32,
    };
}
