using CodeTuner.Models.Hub;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.LanguageServer.Serving;

/// <summary>Which weights serve a folder.</summary>
/// <param name="ModelFolder">Where they are.</param>
/// <param name="BaseName">The base model's name, for the user.</param>
/// <param name="Run">The run they come from; null for the base.</param>
internal sealed record ServedCheckpoint(string ModelFolder, string BaseName, string? Run)
{
    /// <summary>The base model that a setting names.</summary>
    /// <exception cref="Models.ModelFormatException">There is none of that name.</exception>
    public static ServedCheckpoint Base(string setting)
    {
        string folder = ModelCatalog.Find(setting.Length == 0 ? null : setting);
        return new(folder, Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), null);
    }

    /// <summary>The promoted run, where its base is the one that is wanted and its model is still there; otherwise the base.</summary>
    /// <param name="store">The folder's runs; null where they must not be used.</param>
    /// <param name="setting">The base model wanted.</param>
    public static ServedCheckpoint Choose(RunStore? store, string setting)
    {
        ServedCheckpoint @base = Base(setting);
        if (store?.Promoted.Run is not { } id)
            return @base;
        RunFolder run = store.Get(id);
        return run.Recipe?.BaseModel is { } tuned && BaseModels.AreSame(tuned, @base.ModelFolder)
            ? @base with { ModelFolder = run.Model, Run = id }
            : @base;
    }
}
