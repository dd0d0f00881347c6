using System.Text.Json;
using System.Text.Json.Serialization;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Tuning.Canaries;
using CodeTuner.Tuning.Evaluation;
using CodeTuner.Tuning.Gate;
using CodeTuner.Tuning.Runs;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Tuning.Json;

/// <summary>How the files of a run are written: camel case, indented, enumerations as words.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TuneRecipe))]
[JsonSerializable(typeof(RunInfo))]
[JsonSerializable(typeof(PromotedRun))]
[JsonSerializable(typeof(EvaluationResult))]
[JsonSerializable(typeof(EvaluationComparison))]
[JsonSerializable(typeof(EvaluationData))]
[JsonSerializable(typeof(GateVerdict))]
[JsonSerializable(typeof(IReadOnlyList<Canary>))]
[JsonSerializable(typeof(TrainingProgress))]
[JsonSerializable(typeof(WorkspaceRecord))]
public sealed partial class TuningJson : JsonSerializerContext
{
    /// <summary>Reads a file; null where it is not there.</summary>
    /// <exception cref="TuningException">It is damaged.</exception>
    internal static T? Read<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new TuningException($"{path} is damaged ({e.Message}). Delete the run with \"codetuner runs delete\" and tune again.", e);
        }
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    internal static void Write<T>(string path, T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, value, type));
}
