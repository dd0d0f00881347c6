using System.Text.Json;
using CodeTuner.Models;
using CodeTuner.Models.Checkpoints.Gguf;
using CodeTuner.Tensors;
using CodeTuner.Tuning.Canaries;
using CodeTuner.Tuning.Evaluation;
using CodeTuner.Tuning.Json;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Tuning.Runs;

/// <summary>The files of a run. Each is written beside its place and renamed.</summary>
/// <param name="path">The run's folder.</param>
public sealed class RunFolder(string path)
{
    private static readonly JsonSerializerOptions OneLine = new(TuningJson.Default.Options) { WriteIndented = false };

    /// <summary>The run's folder.</summary>
    public string Path { get; } = path;

    /// <summary>The run's name.</summary>
    public string Id => System.IO.Path.GetFileName(Path);

    /// <summary>The resumable and the best checkpoint.</summary>
    public string Checkpoints => At("checkpoints");

    /// <summary>The tuned model in Hugging Face's layout.</summary>
    public string Model => At("model");

    /// <summary>The adapter in PEFT's layout, of a LoRA run.</summary>
    public string Adapter => At("adapter");

    /// <summary>What became of every file.</summary>
    public string Manifest => At("manifest.jsonl");

    /// <summary>The packed rows.</summary>
    public string Rows => At("rows.bin");

    /// <summary>The packed held-out rows.</summary>
    public string ValidationRows => At("validation.bin");

    /// <summary>A line a step.</summary>
    public string Metrics => At("metrics.jsonl");

    /// <summary>The report for people.</summary>
    public string Report => At("report.md");

    /// <summary>The account.</summary>
    /// <exception cref="TuningException">It is missing or damaged.</exception>
    public RunInfo Info
    {
        get => TuningJson.Read(At("run.json"), TuningJson.Default.RunInfo) ?? throw new TuningException($"{Path} is not a run: it has no run.json.");
        set => TuningJson.Write(At("run.json"), value with { Updated = DateTimeOffset.UtcNow }, TuningJson.Default.RunInfo);
    }

    /// <summary>The recipe, or null before it is written.</summary>
    public TuneRecipe? Recipe
    {
        get => TuningJson.Read(At("recipe.json"), TuningJson.Default.TuneRecipe);
        set => TuningJson.Write(At("recipe.json"), value!, TuningJson.Default.TuneRecipe);
    }

    /// <summary>What is measured on, or null before it is written.</summary>
    public EvaluationData? EvaluationData
    {
        get => TuningJson.Read(At("held-out.json"), TuningJson.Default.EvaluationData);
        set => TuningJson.Write(At("held-out.json"), value!, TuningJson.Default.EvaluationData);
    }

    /// <summary>The made-up secrets among the rows; empty where there are none.</summary>
    public IReadOnlyList<Canary> Canaries
    {
        get => TuningJson.Read(At("canaries.json"), TuningJson.Default.IReadOnlyListCanary) ?? [];
        set => TuningJson.Write(At("canaries.json"), value, TuningJson.Default.IReadOnlyListCanary);
    }

    /// <summary>How the base model did, or null before it is written.</summary>
    public EvaluationResult? Before
    {
        get => TuningJson.Read(At("evaluation-before.json"), TuningJson.Default.EvaluationResult);
        set => TuningJson.Write(At("evaluation-before.json"), value!, TuningJson.Default.EvaluationResult);
    }

    /// <summary>How the tuned model did, or null before it is written.</summary>
    public EvaluationResult? After
    {
        get => TuningJson.Read(At("evaluation-after.json"), TuningJson.Default.EvaluationResult);
        set => TuningJson.Write(At("evaluation-after.json"), value!, TuningJson.Default.EvaluationResult);
    }

    /// <summary>Whether training can go on from here.</summary>
    public bool CanResume => Recipe is { TotalSteps: > 0 } && File.Exists(Rows) && File.Exists(ValidationRows) && File.Exists(At("held-out.json"));

    /// <summary>Adds a step's figures to the metrics.</summary>
    /// <exception cref="TuningException">The disk is full, or the folder may not be written any more.</exception>
    public void Append(TrainingProgress progress)
    {
        try
        {
            File.AppendAllText(Metrics, JsonSerializer.Serialize(progress, (System.Text.Json.Serialization.Metadata.JsonTypeInfo<TrainingProgress>)OneLine.GetTypeInfo(typeof(TrainingProgress))) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TuningException($"{Metrics} could not be written ({e.Message.TrimEnd('.')}). Free some space, then go on with \"codetuner tune --resume\".", e);
        }
    }

    /// <summary>The figures of all steps; a last line that a dying process cut off is left out.</summary>
    public IReadOnlyList<TrainingProgress> ReadMetrics()
    {
        if (!File.Exists(Metrics))
            return [];
        List<TrainingProgress> steps = [];
        foreach (string line in File.ReadLines(Metrics))
        {
            try
            {
                if (JsonSerializer.Deserialize(line, TuningJson.Default.TrainingProgress) is { } step)
                    steps.Add(step);
            }
            catch (JsonException)
            {
                break;
            }
        }

        return steps;
    }

    /// <summary>Drops the figures of steps after <paramref name="step"/>: a resumed run does them again.</summary>
    public void TruncateMetrics(int step)
    {
        IReadOnlyList<TrainingProgress> kept = [.. ReadMetrics().Where(m => m.Step <= step)];
        if (File.Exists(Metrics))
            File.Delete(Metrics);
        foreach (TrainingProgress progress in kept)
            Append(progress);
    }

    /// <summary>Copies the model, in Hugging Face's layout, with its adapter where there is one, and the report as README.md.</summary>
    /// <param name="folder">Where to; must not exist or be empty.</param>
    /// <returns>The folder's full path.</returns>
    /// <exception cref="TuningException">There is no model, or the folder is not empty.</exception>
    public string Export(string folder)
    {
        CheckExport(folder);
        Copy(Model, folder);
        if (Directory.Exists(Adapter))
            Copy(Adapter, System.IO.Path.Combine(folder, "adapter"));
        CopyReport(folder);
        return System.IO.Path.GetFullPath(folder);
    }

    /// <summary>Writes the model, an adapter merged in, as one GGUF file named after the run, with the report as README.md.</summary>
    /// <param name="folder">Where to; must not exist or be empty.</param>
    /// <param name="type">How matrices are stored: one of <see cref="GgufExport.Types"/>.</param>
    /// <returns>The file's full path.</returns>
    /// <exception cref="TuningException">There is no model, or the folder is not empty.</exception>
    /// <exception cref="ModelFormatException">The model cannot be exported to GGUF.</exception>
    public string ExportGguf(string folder, DType type)
    {
        CheckExport(folder);
        string file = System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), Id + ".gguf");
        GgufExport.Write(Model, file, type, Id);
        CopyReport(folder);
        return file;
    }

    private void CheckExport(string folder)
    {
        if (!Directory.Exists(Model))
            throw new TuningException($"The run {Id} has no tuned model. Finish it with \"codetuner tune --resume\".");
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new TuningException($"{folder} is not empty. Name another folder.");
    }

    private void CopyReport(string folder)
    {
        if (File.Exists(Report))
            File.Copy(Report, System.IO.Path.Combine(folder, "README.md"), overwrite: true);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
            File.Copy(file, System.IO.Path.Combine(to, System.IO.Path.GetFileName(file)));
    }

    private string At(string name) => System.IO.Path.Combine(Path, name);
}
