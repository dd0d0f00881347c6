using System.Globalization;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.LanguageServer.Scheduling;
using CodeTuner.LanguageServer.Serving;
using CodeTuner.LanguageServer.Workspaces;
using CodeTuner.Models;
using CodeTuner.Models.Architectures;
using CodeTuner.Models.Hub;
using CodeTuner.Tuning;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning.Health;
using CodeTuner.Tuning.Runs;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.LanguageServer.Features.Machine;

/// <summary>What is on this machine: models, and whether everything that is needed is there.</summary>
internal sealed class MachineHandlers(FolderSessions sessions, SessionServices services)
{
    /// <summary><c>codetuner/models</c>.</summary>
    public async Task<ModelList> ModelsAsync(NoParams parameters, RequestContext context)
    {
        string active = ServedCheckpoint.Base(services.Settings.Value.Model).ModelFolder;
        List<CatalogModel> models = [.. ModelCatalog.Models];
        if (!models.Exists(m => m.Folder == active))
            models.Add(new CatalogModel(Path.GetFileName(active), active));
        long memory = await Task.Run(AvailableMemory, context.Cancelled);
        return new ModelList([.. models.Select(m => Describe(m, m.Folder == active, memory))]);
    }

    /// <summary><c>codetuner/doctor</c>.</summary>
    public async Task<DoctorReport> DoctorAsync(NoParams parameters, RequestContext context)
    {
        string model = services.Settings.Value.Model;
        IReadOnlyList<HealthCheck> checks = await Task.Run(
            () => HealthChecks.Run(services.StateFolder ?? RunStore.DefaultState(), model.Length == 0 ? null : model, services.Compute.Cards.Survey()), context.Cancelled);
        return new DoctorReport([.. checks.Select(c => new Check(c.Name, (CheckStatus)c.Status, c.Detail) { Advice = c.Advice }), PromptCache()]);
    }

    // What is held so that a prompt that grows need not be read anew.
    private Check PromptCache()
    {
        List<CachedPrompts> kept = [.. sessions.AllWithLoose.SelectMany(s => (ModelLane[])[s.Typing, s.Assist, s.Background]).Select(l => l.Prompts).OfType<CachedPrompts>()];
        return new Check("prompt cache", CheckStatus.Ok, string.Create(
            CultureInfo.InvariantCulture,
            $"{kept.Sum(p => p.Count)} prompts, {kept.Sum(p => p.Bytes) / 1e6:F1} MB of at most {kept.Sum(p => p.MostBytes) / 1e6:F1} MB, in {kept.Count} models in memory"));
    }

    // Of what would tune; a card that is named and not there leaves the processor's.
    private long AvailableMemory()
    {
        try
        {
            return services.Compute.Cards.ForTuning().AvailableBytes(services.Compute.Cards.MemoryShare) ?? MemoryEstimate.Available();
        }
        catch (TuningException)
        {
            return MemoryEstimate.Available();
        }
    }

    private static ModelInfo Describe(CatalogModel model, bool active, long memory)
    {
        try
        {
            ModelConfig config = ModelConfig.LoadFrom(model.Folder);
            string description = $"{config.ParameterCount / 1e6:N0} M parameters, context of {config.MaxPositions:N0} tokens; {ModelFit.Of(config, memory).Words}";
            return new ModelInfo(model.Name, model.Folder, config.ParameterCount, model.Name == ModelCatalog.EmbeddedName, active) { Description = description };
        }
        catch (ModelFormatException e)
        {
            // It stays in the list, so that the user sees what is wrong with it.
            return new ModelInfo(model.Name, model.Folder, 0, false, active) { Description = e.Message };
        }
    }
}
