using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CodeTuner.Models.Lora;

/// <summary>PEFT's <c>adapter_config.json</c>: which linear layers have a low-rank update, and of what rank and strength.</summary>
public sealed record LoraConfig
{
    /// <summary>The file's name in an adapter's folder.</summary>
    public const string FileName = "adapter_config.json";

    /// <summary>Switches of PEFT that change the arithmetic and are not supported here.</summary>
    private static readonly string[] UnsupportedSwitches =
        ["use_dora", "use_qalora", "use_bdlora", "fan_in_fan_out", "lora_bias"];

    private static readonly string[] UnsupportedParts =
    [
        "modules_to_save", "layer_replication", "trainable_token_indices", "target_parameters", "exclude_modules", "layers_to_transform",
        "alora_invocation_tokens", "arrow_config", "kasa_config", "monteclora_config",
    ];

    /// <summary>Ways to begin A and B that leave the base weights as they are. The others, such as PiSSA, OLoRA and LoftQ, change them.</summary>
    private static readonly string[] SupportedBeginnings = ["gaussian", "orthogonal", "eva"];

    // The file as it was read: what is not understood here is written back.
    private JsonObject source = [];
    private string path = FileName;

    /// <summary>r.</summary>
    public required int Rank { get; init; }

    /// <summary>α.</summary>
    public required double Alpha { get; init; }

    /// <summary>Last parts of the names of the layers to adapt, such as <c>q_proj</c>.</summary>
    public required IReadOnlyList<string> TargetModules { get; init; }

    /// <summary>Other ranks for layers whose name ends in the key, which may be a regular expression.</summary>
    public IReadOnlyDictionary<string, int> RankPattern { get; init; } = new Dictionary<string, int>();

    /// <summary>Other strengths for layers whose name ends in the key, which may be a regular expression.</summary>
    public IReadOnlyDictionary<string, double> AlphaPattern { get; init; } = new Dictionary<string, double>();

    /// <summary>Whether the update is scaled by α/√r instead of α/r (Kalajdzievski 2023, arXiv 2312.03732).</summary>
    public bool UseRsLora { get; init; }

    /// <summary>Probability of dropping an input of the update in training.</summary>
    public double Dropout { get; init; }

    /// <summary>The base model's name, as the adapter's maker wrote it.</summary>
    public string? BaseModel { get; init; }

    /// <summary>Every linear layer of a decoder's blocks.</summary>
    public static IReadOnlyList<string> AllLinear { get; } = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    /// <summary>Reads an adapter's config.</summary>
    /// <exception cref="ModelFormatException">It is missing, damaged, or asks for something that is not supported.</exception>
    public static LoraConfig Load(string path)
    {
        try
        {
            JsonObject json = JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? throw new JsonException("it is no object");
            return Parse(path, json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException($"{path} is missing: the folder is not a PEFT adapter.", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ModelFormatException($"{path} cannot be read as an adapter's config ({e.Message}). Export the adapter again.", e);
        }
    }

    /// <summary>Whether a layer of this name is adapted.</summary>
    public bool Targets(string module) => TargetModules.Any(t => module == t || module.EndsWith("." + t, StringComparison.Ordinal));

    /// <summary>The rank of a layer's update.</summary>
    /// <exception cref="ModelFormatException">A pattern takes too long to match.</exception>
    public int RankOf(string module) => Match(RankPattern, module, Rank);

    /// <summary>What a layer's update B·A·x is multiplied with.</summary>
    public double ScaleOf(string module)
    {
        double alpha = Match(AlphaPattern, module, Alpha);
        int rank = RankOf(module);
        return UseRsLora ? alpha / Math.Sqrt(rank) : alpha / rank;
    }

    /// <summary>Writes the config as PEFT reads it. Fields of the file it was read from that are not known here are kept.</summary>
    public void Save(string path)
    {
        JsonObject json = source.DeepClone().AsObject();
        json["alpha_pattern"] = new JsonObject(AlphaPattern.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
        json["base_model_name_or_path"] = BaseModel;
        json["bias"] = "none";
        json["fan_in_fan_out"] = false;
        json["inference_mode"] = true;
        json.TryAdd("init_lora_weights", true);
        json["lora_alpha"] = Alpha;
        json["lora_dropout"] = Dropout;
        json["modules_to_save"] = null;
        json["peft_type"] = "LORA";
        json["r"] = Rank;
        json["rank_pattern"] = new JsonObject(RankPattern.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
        json["target_modules"] = new JsonArray([.. TargetModules.Select(t => (JsonNode?)t)]);
        json.TryAdd("task_type", "CAUSAL_LM");
        json["use_dora"] = false;
        json["use_rslora"] = UseRsLora;
        Checkpoints.AtomicFile.WriteText(path, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }

    private static LoraConfig Parse(string path, JsonObject json)
    {
        string kind = json["peft_type"]?.GetValue<string>() ?? "";
        if (kind != "LORA")
            throw new ModelFormatException($"{path}: adapters of type \"{kind}\" are not supported; LORA is.");
        foreach (string name in UnsupportedSwitches.Where(n => json[n]?.GetValue<bool>() == true))
            throw new ModelFormatException($"{path}: {name} is not supported. Train the adapter without it.");
        foreach (string name in UnsupportedParts.Where(n => json[n] is not null and not JsonArray { Count: 0 } and not JsonObject { Count: 0 }))
            throw new ModelFormatException($"{path}: {name} is not supported. Train the adapter without it.");
        if (json["bias"]?.GetValue<string>() is { } bias and not "none")
            throw new ModelFormatException($"{path}: trained biases (\"{bias}\") are not supported. Train the adapter with bias \"none\".");
        if (json["init_lora_weights"] is JsonValue beginning && beginning.GetValueKind() == JsonValueKind.String && !SupportedBeginnings.Contains(beginning.GetValue<string>()))
        {
            throw new ModelFormatException(
                $"{path}: init_lora_weights \"{beginning}\" is not supported: the adapter belongs to base weights that were changed when it was made. "
                + "Save it with PEFT's path_initial_model_for_weight_conversion, which makes a plain adapter of it.");
        }

        IReadOnlyList<string> targets = json["target_modules"] switch
        {
            JsonArray list => [.. list.Select(n => n!.GetValue<string>()).Order(StringComparer.Ordinal)],
            JsonValue value when value.GetValue<string>() == "all-linear" => AllLinear,
            JsonNode other => throw new ModelFormatException($"{path}: target_modules {other.ToJsonString()} is not supported; a list of names is."),
            null => throw new ModelFormatException($"{path} names no target_modules."),
        };
        int rank = json["r"]?.GetValue<int>() ?? throw new ModelFormatException($"{path} has no rank r.");
        LoraConfig config = new()
        {
            Rank = rank,
            Alpha = json["lora_alpha"]?.GetValue<double>() ?? 8,
            TargetModules = targets,
            RankPattern = Pattern(path, json, "rank_pattern", n => n.GetValue<int>()),
            AlphaPattern = Pattern(path, json, "alpha_pattern", n => n.GetValue<double>()),
            UseRsLora = json["use_rslora"]?.GetValue<bool>() ?? false,
            Dropout = json["lora_dropout"]?.GetValue<double>() ?? 0,
            BaseModel = json["base_model_name_or_path"]?.GetValue<string>(),
        };
        if (rank < 1 || config.RankPattern.Values.Any(r => r < 1))
            throw new ModelFormatException($"{path}: a rank is below 1.");
        config.source = json;
        config.path = path;
        return config;
    }

    private static Dictionary<string, T> Pattern<T>(string path, JsonObject json, string name, Func<JsonNode, T> read)
    {
        Dictionary<string, T> pattern = new(StringComparer.Ordinal);
        foreach ((string key, JsonNode? value) in json[name] as JsonObject ?? [])
        {
            try
            {
                _ = Expression(key);
            }
            catch (RegexParseException e)
            {
                throw new ModelFormatException($"{path}: the key \"{key}\" of {name} is not a regular expression ({e.Message.TrimEnd('.')}). Correct it, or name the layers in full.", e);
            }

            pattern[key] = read(value ?? throw new ModelFormatException($"{path}: the key \"{key}\" of {name} has no value."));
        }

        return pattern;
    }

    // As in PEFT: the whole name, or its end after a dot, must match the key, which may be a regular expression.
    private static Regex Expression(string key) => new($@"^(?:.*\.)?(?:{key})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private T Match<T>(IReadOnlyDictionary<string, T> pattern, string module, T otherwise)
    {
        foreach ((string key, T value) in pattern)
        {
            try
            {
                if (Expression(key).IsMatch(module))
                    return value;
            }
            catch (RegexMatchTimeoutException e)
            {
                throw new ModelFormatException($"{path}: the pattern \"{key}\" takes too long to match. Write it more simply, or name the layers in full.", e);
            }
        }

        return otherwise;
    }
}
