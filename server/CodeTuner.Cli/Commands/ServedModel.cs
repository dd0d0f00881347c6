using CodeTuner.Models.Architectures;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Hub;
using CodeTuner.Tensors;
using CodeTuner.Tuning;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.Cli.Commands;

/// <summary>Which model a command uses: the base, the promoted checkpoint, or that of a run.</summary>
internal static class ServedModel
{
    /// <summary>The folder of <c>base</c>, <c>promoted</c>, or a run's name. Without a promoted run, promoted is the base.</summary>
    public static string Folder(RunStore store, string checkpoint, string? model)
    {
        if (checkpoint == "base" || (checkpoint == "promoted" && store.Promoted.Run is null))
            return ModelCatalog.Find(model);
        RunFolder run = store.Get(checkpoint == "promoted" ? store.Promoted.Run! : checkpoint);
        return Directory.Exists(run.Model)
            ? run.Model
            : throw new TuningException($"The run {run.Id} has no tuned model. Finish it with \"codetuner tune --resume\", or use --checkpoint base.");
    }

    public static DecoderLanguageModel Load(RunStore store, string checkpoint, string? model, Backend backend)
    {
        string folder = Folder(store, checkpoint, model);
        return ServingStorage.Load(folder, ModelConfig.LoadFrom(folder), backend);
    }
}
