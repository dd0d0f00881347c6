using System.Text.Json;
using System.Text.Json.Serialization;
using CodeTuner.LanguageServer.Protocol.JsonRpc;

namespace CodeTuner.LanguageServer.Protocol.Extensions;

/// <summary>How the messages of docs/protocol.md are read and written. Enumerations travel as camel-case words.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true,
    Converters = [
        typeof(JsonText), typeof(WordConverter<ServingState>), typeof(WordConverter<TunePhaseName>), typeof(WordConverter<TuneOutcome>),
        typeof(WordConverter<PauseCause>), typeof(WordConverter<RunStatusName>), typeof(WordConverter<MethodName>),
        typeof(WordConverter<CheckStatus>)])]
[JsonSerializable(typeof(InitializationOptions))]
[JsonSerializable(typeof(NoParams))]
[JsonSerializable(typeof(ShownCompletionParams))]
[JsonSerializable(typeof(UserIsIdleParams))]
[JsonSerializable(typeof(DismissParams))]
[JsonSerializable(typeof(FolderParams))]
[JsonSerializable(typeof(RunParams))]
[JsonSerializable(typeof(ExportRunParams))]
[JsonSerializable(typeof(ExportedRun))]
[JsonSerializable(typeof(PauseTuneParams))]
[JsonSerializable(typeof(TuneParams))]
[JsonSerializable(typeof(StatusResult))]
[JsonSerializable(typeof(RunList))]
[JsonSerializable(typeof(RunDetails))]
[JsonSerializable(typeof(PlaceParams))]
[JsonSerializable(typeof(ReviewParams))]
[JsonSerializable(typeof(ReviewResult))]
[JsonSerializable(typeof(TranslateParams))]
[JsonSerializable(typeof(GeneratedEdit))]
[JsonSerializable(typeof(Translation))]
[JsonSerializable(typeof(LanguageList))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(Statistics))]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class ExtensionsJsonContext : JsonSerializerContext;

/// <summary>An enumeration as camel-case words.</summary>
internal sealed class WordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
