using CodeTuner.Models.Architectures;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Models.Checkpoints.Gguf;

/// <summary>The tensors of a model under llama.cpp's names, in its order of rows.</summary>
internal sealed class GgufWeights
{
    private readonly GgufWriter writer;
    private readonly Checkpoint checkpoint;
    private readonly ModelConfig config;
    private readonly DType matrices;
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    private GgufWeights(GgufWriter writer, Checkpoint checkpoint, ModelConfig config, DType matrices) =>
        (this.writer, this.checkpoint, this.config, this.matrices) = (writer, checkpoint, config, matrices);

    /// <summary>Adds all tensors; their values are read when the file is written.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, of another shape than the config says, or one that nothing calls for.</exception>
    public static void Add(GgufWriter writer, Checkpoint checkpoint, ModelConfig config, DType matrices) =>
        new GgufWeights(writer, checkpoint, config, matrices).AddAll();

    private void AddAll()
    {
        if (checkpoint.Names.FirstOrDefault(n => n.Contains(".lora_", StringComparison.Ordinal)) is { } adapter)
            throw new ModelFormatException($"The model in {checkpoint.Folder} holds {adapter}, a part of an adapter. Merge the adapter into the model first.");
        ModelConfig c = config;
        Matrix("model.embed_tokens.weight", "token_embd.weight", c.VocabularySize, c.HiddenSize);
        if (c.RopeScaling is { Kind: "llama3" } scaling)
            AddRotaryFactors(scaling);
        for (int i = 0; i < c.LayerCount; i++)
            AddLayer($"model.layers.{i}.", $"blk.{i}.");
        Vector("model.norm.weight", "output_norm.weight", c.HiddenSize);
        if (!c.TieWordEmbeddings)
            Matrix("lm_head.weight", "output.weight", c.VocabularySize, c.HiddenSize);
        CheckNothingIsLeft();
    }

    private void AddLayer(string from, string to)
    {
        ModelConfig c = config;
        int queries = c.QueryHeads * c.HeadSize, keys = c.KeyValueHeads * c.HeadSize;
        bool interleave = c.ModelType == "llama";
        Vector(from + "input_layernorm.weight", to + "attn_norm.weight", c.HiddenSize);
        Linear("self_attn.q_proj", "attn_q", queries, c.HiddenSize, c.QkvBias, interleave);
        Linear("self_attn.k_proj", "attn_k", keys, c.HiddenSize, c.QkvBias, interleave);
        Linear("self_attn.v_proj", "attn_v", keys, c.HiddenSize, c.QkvBias);
        Linear("self_attn.o_proj", "attn_output", c.HiddenSize, queries, c.OutputBias);
        Vector(from + "post_attention_layernorm.weight", to + "ffn_norm.weight", c.HiddenSize);
        Linear("mlp.gate_proj", "ffn_gate", c.IntermediateSize, c.HiddenSize, c.MlpBias);
        Linear("mlp.up_proj", "ffn_up", c.IntermediateSize, c.HiddenSize, c.MlpBias);
        Linear("mlp.down_proj", "ffn_down", c.HiddenSize, c.IntermediateSize, c.MlpBias);

        void Linear(string name, string ggml, int output, int input, bool bias, bool heads = false)
        {
            Matrix($"{from}{name}.weight", $"{to}{ggml}.weight", output, input, heads);
            if (bias)
                Vector($"{from}{name}.bias", $"{to}{ggml}.bias", output, heads);
        }
    }

    private void Matrix(string name, string ggml, int rows, int columns, bool heads = false)
    {
        (SafetensorsFile file, DType stored) = Find(name, rows, columns);
        DType type = MatrixStorage.Of(name, matrices);
        if (columns % type.BlockSize() != 0)
            type = DType.Float16;
        float[] values = new float[columns];
        writer.Add(ggml, type, new Shape(rows, columns), (row, into) =>
        {
            int rowBytes = (int)stored.RowBytes(columns);
            StorageFormats.Decode(file.Bytes(name).Slice((heads ? HalfSplitRow((int)row) : (int)row) * rowBytes, rowBytes), values, stored);
            CheckRange(file.Path, name, values, type);
            StorageFormats.Encode(values, into, type);
        });
    }

    private void Vector(string name, string ggml, int count, bool heads = false)
    {
        (SafetensorsFile file, _) = Find(name, count);
        writer.Add(ggml, DType.Float32, new Shape(count), (_, into) =>
        {
            float[] values = file.Floats(name);
            CheckRange(file.Path, name, values, DType.Float32);
            StorageFormats.Encode(heads ? [.. Enumerable.Range(0, count).Select(i => values[HalfSplitRow(i)])] : values, into, DType.Float32);
        });
    }

    // Hugging Face's Llama rotates element j of a head with j + D/2, llama.cpp's with its neighbour:
    // row 2j + t of a head there is row j + t D/2 here. Qwen2 is rotated alike in both.
    private int HalfSplitRow(int row)
    {
        int within = row % config.HeadSize;
        return row - within + (within / 2) + (within % 2 * config.HeadSize / 2);
    }

    // llama.cpp divides the rotary frequencies by these.
    private void AddRotaryFactors(RopeScaling scaling)
    {
        float[] factors = new float[config.HeadSize / 2];
        for (int i = 0; i < factors.Length; i++)
        {
            double frequency = (float)(1 / Math.Pow(config.RopeTheta, 2.0 * i / config.HeadSize));
            factors[i] = (float)(frequency / scaling.Apply(frequency));
        }

        writer.Add("rope_freqs.weight", DType.Float32, new Shape(factors.Length), (_, into) => StorageFormats.Encode(factors, into, DType.Float32));
    }

    private (SafetensorsFile File, DType Stored) Find(string name, params ReadOnlySpan<long> shape)
    {
        SafetensorsFile file = checkpoint.FileOf(name);
        SafetensorsEntry entry = file.Entries[name];
        if (!shape.SequenceEqual(entry.Shape.ToArray()))
        {
            throw new ModelFormatException(
                $"{file.Path}: the tensor {name} is ({string.Join(", ", entry.Shape)}), but config.json calls for ({string.Join(", ", shape.ToArray())}). The two files do not belong together.");
        }

        used.Add(name);
        return (file, entry.Type ?? throw new ModelFormatException($"{file.Path}: the tensor {name} is of type {entry.TypeName}, which is not supported."));
    }

    // A tensor that is passed over would change what the model says.
    private void CheckNothingIsLeft()
    {
        string? left = checkpoint.Names.Order(StringComparer.Ordinal).FirstOrDefault(n => !used.Contains(n)
            && !n.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) && !(config.TieWordEmbeddings && n == "lm_head.weight"));
        if (left is not null)
            throw new ModelFormatException($"The model in {checkpoint.Folder} holds the tensor {left}, which a {config.ModelType} does not have. It cannot be exported.");
    }

    private static void CheckRange(string path, string name, ReadOnlySpan<float> values, DType type)
    {
        // What rounds up to the next power of two beyond the largest float16 becomes infinite.
        const float FirstInfiniteFloat16 = 65520;
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                throw new ModelFormatException($"{path}: the tensor {name} holds {value}: the model is damaged. Download or tune it again.");
            if (type == DType.Float16 && MathF.Abs(value) >= FirstInfiniteFloat16)
                throw new ModelFormatException($"{path}: the tensor {name} holds {value}, which is too large for float16. Export it as bf16 or f32.");
        }
    }
}
