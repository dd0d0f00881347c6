using System.Text.Json;
using System.Text.Json.Nodes;

namespace CodeTuner.Models.Architectures;

/// <summary>What a Hugging Face <c>config.json</c> says of a decoder: the Llama family and Qwen2.</summary>
public sealed record ModelConfig
{
    private static readonly string[] Supported = ["llama", "qwen2"];

    private JsonObject source = [];

    /// <summary><c>llama</c> or <c>qwen2</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>C: the width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>The number of decoder layers.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Hq.</summary>
    public required int QueryHeads { get; init; }

    /// <summary>Hkv.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>D.</summary>
    public required int HeadSize { get; init; }

    /// <summary>The width of the gated MLP.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>V.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The longest sequence the model was made for, in tokens.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>ε of the norms.</summary>
    public required float RmsNormEpsilon { get; init; }

    /// <summary>The base of the rotary frequencies.</summary>
    public required double RopeTheta { get; init; }

    /// <summary>How the rotary frequencies are stretched, or null.</summary>
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>Whether the output layer is the embedding.</summary>
    public required bool TieWordEmbeddings { get; init; }

    /// <summary>Whether q, k and v have a bias.</summary>
    public required bool QkvBias { get; init; }

    /// <summary>Whether the attention's output projection has a bias.</summary>
    public required bool OutputBias { get; init; }

    /// <summary>Whether the MLP's projections have a bias.</summary>
    public required bool MlpBias { get; init; }

    /// <summary>The ids that end a text; none where the config names none.</summary>
    public IReadOnlyList<int> EndOfTextIds { get; init; } = [];

    /// <summary>The id that begins a text, or null.</summary>
    public int? BeginOfTextId { get; init; }

    /// <summary>The id that fills a batch's rows, or null.</summary>
    public int? PadId { get; init; }

    /// <summary>The type that the weights were saved in, as PyTorch spells it (<c>bfloat16</c>), or null where the config does not say.</summary>
    public string? StoredType { get; init; }

    /// <summary>All trained numbers.</summary>
    public long ParameterCount
    {
        get
        {
            long attention = (long)HiddenSize * HeadSize * ((2 * QueryHeads) + (2 * KeyValueHeads));
            long biases = (QkvBias ? HeadSize * (QueryHeads + (2L * KeyValueHeads)) : 0) + (OutputBias ? HiddenSize : 0)
                + (MlpBias ? (2L * IntermediateSize) + HiddenSize : 0);
            long layer = attention + (3L * HiddenSize * IntermediateSize) + (2L * HiddenSize) + biases;
            return (layer * LayerCount) + HiddenSize + ((long)VocabularySize * HiddenSize * (TieWordEmbeddings ? 1 : 2));
        }
    }

    /// <summary>Reads a model folder's <c>config.json</c>.</summary>
    /// <exception cref="ModelFormatException">It is missing, damaged, or describes a model that is not supported.</exception>
    public static ModelConfig LoadFrom(string folder) => Load(Path.Combine(folder, "config.json"));

    /// <summary>Reads <c>config.json</c>.</summary>
    /// <exception cref="ModelFormatException">It is missing, damaged, or describes a model that is not supported.</exception>
    public static ModelConfig Load(string path)
    {
        try
        {
            JsonObject json = JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? throw new JsonException("it is no object");
            return Parse(path, json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException($"{path} is missing: the folder is not a model, or the download is not complete.", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new ModelFormatException($"{path} cannot be read as a model's config ({e.Message}). Download or export the model again.", e);
        }
    }

    /// <summary>Writes the config as it was read.</summary>
    public void Save(string path) =>
        Checkpoints.AtomicFile.WriteText(path, source.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");

    private static ModelConfig Parse(string path, JsonObject json)
    {
        string type = Text(json, "model_type") ?? "";
        if (!Supported.Contains(type))
            throw new ModelFormatException($"{path}: models of type \"{type}\" are not supported; {string.Join(" and ", Supported)} are.");
        string activation = Text(json, "hidden_act") ?? "silu";
        if (activation != "silu")
            throw new ModelFormatException($"{path}: the activation \"{activation}\" is not supported; silu is.");
        if (json["use_sliding_window"]?.GetValue<bool>() == true)
            throw new ModelFormatException($"{path}: sliding-window attention is not supported.");
        RefuseWhatChangesTheArithmetic(path, json);
        int Size(string name) => Positive(path, json, name) ?? throw new ModelFormatException($"{path} lacks {name}.");
        int heads = Size("num_attention_heads"), hidden = Size("hidden_size");
        int keyHeads = Positive(path, json, "num_key_value_heads") ?? heads;
        if (heads % keyHeads != 0)
            throw new ModelFormatException($"{path}: {heads} query heads cannot share {keyHeads} key heads.");
        int headSize = Positive(path, json, "head_dim")
            ?? (hidden % heads == 0 ? hidden / heads : throw new ModelFormatException($"{path}: {heads} heads do not share hidden_size {hidden} evenly."));
        if (headSize % 2 != 0)
            throw new ModelFormatException($"{path}: heads of {headSize} cannot be rotated in pairs; head_dim must be even.");
        JsonObject rope = json["rope_parameters"] as JsonObject ?? json["rope_scaling"] as JsonObject ?? [];
        bool attentionBias = json["attention_bias"]?.GetValue<bool>() ?? false;
        ModelConfig config = new()
        {
            ModelType = type,
            HiddenSize = hidden,
            LayerCount = Size("num_hidden_layers"),
            QueryHeads = heads,
            KeyValueHeads = keyHeads,
            HeadSize = headSize,
            IntermediateSize = Size("intermediate_size"),
            VocabularySize = Size("vocab_size"),
            MaxPositions = Positive(path, json, "max_position_embeddings") ?? (type == "qwen2" ? 32_768 : 2048),
            RmsNormEpsilon = (float)(Number(json, "rms_norm_eps") ?? 1e-6),
            RopeTheta = Number(rope, "rope_theta") ?? Number(json, "rope_theta") ?? 10_000,
            RopeScaling = Architectures.RopeScaling.Parse(path, rope),
            TieWordEmbeddings = json["tie_word_embeddings"]?.GetValue<bool>() ?? false,
            QkvBias = type == "qwen2" || attentionBias,
            OutputBias = type == "llama" && attentionBias,
            MlpBias = json["mlp_bias"]?.GetValue<bool>() ?? false,
            EndOfTextIds = Ids(json["eos_token_id"]),
            BeginOfTextId = Ids(json["bos_token_id"]) is [int begin, ..] ? begin : null,
            PadId = Ids(json["pad_token_id"]) is [int pad, ..] ? pad : null,
            StoredType = Text(json, "dtype") ?? Text(json, "torch_dtype"),
        };
        if (!(config.RmsNormEpsilon > 0) || !(config.RopeTheta > 0))
            throw new ModelFormatException($"{path}: rms_norm_eps is {config.RmsNormEpsilon} and rope_theta {config.RopeTheta}; both must be positive.");
        config.source = json;
        return config;
    }

    // What a config may hold without another model_type, and what would give wrong answers if it were passed over.
    private static void RefuseWhatChangesTheArithmetic(string path, JsonObject json)
    {
        if (json["layer_types"] is JsonArray layers && layers.FirstOrDefault(l => l?.GetValue<string>() != "full_attention") is { } layer)
            throw new ModelFormatException($"{path}: layers of type \"{layer}\" are not supported; full_attention is.");
        if (json["quantization_config"] is JsonObject quantization)
        {
            throw new ModelFormatException(
                $"{path}: the weights are quantised ({quantization["quant_method"]}), which is not supported. Take the model in float32, bfloat16 or float16.");
        }

        if (Number(json, "partial_rotary_factor") is { } part and not 1)
            throw new ModelFormatException($"{path}: partial_rotary_factor {part} is not supported; 1 is.");
    }

    private static string? Text(JsonObject json, string name) => json[name]?.GetValue<string>();

    private static double? Number(JsonObject json, string name) => json[name]?.GetValue<double>();

    private static int? Positive(string path, JsonObject json, string name)
    {
        int? value = json[name]?.GetValue<int>();
        return value is <= 0 ? throw new ModelFormatException($"{path}: {name} is {value}; it must be positive.") : value;
    }

    private static IReadOnlyList<int> Ids(JsonNode? node) => node switch
    {
        null => [],
        JsonArray list => [.. list.OfType<JsonNode>().Select(n => n.GetValue<int>())],
        _ => [node.GetValue<int>()],
    };
}
