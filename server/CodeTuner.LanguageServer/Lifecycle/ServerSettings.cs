using System.Text.Json.Serialization;
using CodeTuner.Assist.Review;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.Tuning.Devices;

namespace CodeTuner.LanguageServer.Lifecycle;

/// <summary>The section <c>codetuner</c> of the user's settings, with what holds where one is missing. See docs/protocol.md.</summary>
/// <remarks>The properties can be set because the generated reader would write null into init-only ones that are missing.</remarks>
internal sealed record ServerSettings
{
    /// <summary>What holds while none have come.</summary>
    public static readonly ServerSettings Default = new();

    public CompletionSettings Completion { get; set; } = new();

    public FeatureSettings Hover { get; set; } = new();

    public ReviewSettings Review { get; set; } = new();

    /// <summary>The base model's name or folder; empty means the embedded one.</summary>
    public string Model { get; set; } = "";

    public TuneSettings Tune { get; set; } = new();

    /// <summary>Threads for arithmetic; 0 is one a core. Read when the server starts to compute.</summary>
    public int Threads { get; set; }

    /// <summary>What computes: <c>auto</c>, <c>cpu</c>, or a device's name.</summary>
    public string Device { get; set; } = "auto";

    public GpuSettings Gpu { get; set; } = new();
}

internal sealed record GpuSettings
{
    /// <summary>The folder of ggml's libraries; empty looks where they usually are. Read when the server first looks for a card.</summary>
    public string Libraries { get; set; } = "";

    /// <summary>The most of a card's memory, in percent.</summary>
    public int MemoryLimit { get; set; } = 80;

    /// <summary>Whether a tune on a card pauses while the machine runs on battery.</summary>
    public bool PauseOnBattery { get; set; } = true;
}

internal sealed record FeatureSettings
{
    public bool Enabled { get; set; } = true;
}

internal sealed record ReviewSettings
{
    public bool Enabled { get; set; } = true;

    public ReviewSensitivity Sensitivity { get; set; } = ReviewSensitivity.Medium;
}

internal sealed record CompletionSettings
{
    public bool Enabled { get; set; } = true;

    /// <summary>Milliseconds.</summary>
    public int Debounce { get; set; } = 75;

    public int MaxLines { get; set; } = 12;

    /// <summary>Language id → whether to complete; <c>*</c> is all others.</summary>
    public Dictionary<string, bool> Languages { get; set; } = [];

    /// <summary>Whether to complete in documents of a language.</summary>
    public bool IsOn(string languageId)
    {
        if (!Enabled)
            return false;
        return Languages.TryGetValue(languageId, out bool on) || Languages.TryGetValue("*", out on) ? on : true;
    }
}

internal sealed record TuneSettings
{
    public bool Automatic { get; set; }

    public double Minutes { get; set; } = 10;

    public MethodName Method { get; set; } = MethodName.Auto;

    /// <summary>How the base is held under adapters.</summary>
    public string BaseDtype { get; set; } = BaseStorage.Automatic;

    public string[] Exclude { get; set; } = [];

    /// <summary>Tokens of a row.</summary>
    public int RowLength { get; set; } = 512;

    /// <summary>Rows computed at once.</summary>
    public int BatchSize { get; set; } = 4;
}

/// <summary>How the settings are read.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    Converters = [typeof(WordConverter<MethodName>), typeof(WordConverter<ReviewSensitivity>)])]
[JsonSerializable(typeof(ServerSettings))]
internal sealed partial class SettingsJsonContext : JsonSerializerContext;
