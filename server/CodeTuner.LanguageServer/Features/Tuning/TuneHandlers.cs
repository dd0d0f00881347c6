using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.LanguageServer.Scheduling;
using CodeTuner.LanguageServer.Serving;
using CodeTuner.LanguageServer.Workspaces;
using CodeTuner.Tuning;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning.Trainer;
using CodeTuner.Workspace.Scanning;

namespace CodeTuner.LanguageServer.Features.Tuning;

/// <summary>Starting, pausing and stopping of tunes, and how each folder stands.</summary>
internal sealed class TuneHandlers(FolderSessions sessions, SessionServices services)
{
    /// <summary><c>codetuner/status</c>.</summary>
    public Task<StatusResult> StatusAsync(NoParams parameters, RequestContext context) =>
        Task.FromResult(new StatusResult([.. sessions.All.Select(s => s.Status())]));

    /// <summary><c>codetuner/tune</c>.</summary>
    public Task<FolderStatus> TuneAsync(TuneParams parameters, RequestContext context)
    {
        FolderSession session = sessions.Named(parameters.Folder);
        session.Tune.Start(parameters.Resume == true ? null : Options(parameters.Minutes));
        return Task.FromResult(session.Status());
    }

    /// <summary><c>codetuner/pauseTune</c>.</summary>
    public Task<FolderStatus> PauseAsync(PauseTuneParams parameters, RequestContext context)
    {
        FolderSession session = sessions.Named(parameters.Folder);
        session.Tune.Pause(parameters.Paused);
        return Task.FromResult(session.Status());
    }

    /// <summary><c>codetuner/cancelTune</c>.</summary>
    public async Task<FolderStatus> CancelAsync(FolderParams parameters, RequestContext context)
    {
        FolderSession session = sessions.Named(parameters.Folder);
        await session.Tune.CancelAsync();
        return session.Status();
    }

    /// <summary>What the settings ask of a tune.</summary>
    /// <param name="minutes">The most minutes of training; null takes the setting.</param>
    /// <exception cref="TuningException">A setting is out of its bounds.</exception>
    public TuneOptions Options(double? minutes)
    {
        Lifecycle.ServerSettings settings = services.Settings.Value;
        double wanted = minutes ?? settings.Tune.Minutes;
        if (!(wanted > 0) || !double.IsFinite(wanted))
            throw new TuningException($"A tune cannot take {wanted} minutes. Set codetuner.tune.minutes to more than 0.");
        if (settings.Tune.RowLength is < 64 or > 65536)
            throw new TuningException($"A row cannot have {settings.Tune.RowLength} tokens. Set codetuner.tune.rowLength to 64 to 65536.");
        if (settings.Tune.BatchSize is < 1 or > 1024)
            throw new TuningException($"A batch cannot have {settings.Tune.BatchSize} rows. Set codetuner.tune.batchSize to 1 to 1024.");
        TuneMethod method = settings.Tune.Method == MethodName.Lora ? TuneMethod.Lora : TuneMethod.Full;
        return new TuneOptions
        {
            Recipe = new TuneRecipe
            {
                BaseModel = ServedCheckpoint.Base(settings.Model).ModelFolder,
                Method = method,
                LearningRate = TuneRecipe.UsualLearningRate(method),
                MaxMinutes = wanted,
                RowLength = settings.Tune.RowLength,
                RowsPerMicroBatch = settings.Tune.BatchSize,
                Threads = services.Compute.Pool.Threads,
            },
            BaseStorage = BaseStorage.Parse(settings.Tune.BaseDtype),
            MethodIsChosen = settings.Tune.Method != MethodName.Auto,
            Scan = new ScanOptions { IgnorePatterns = settings.Tune.Exclude },
        };
    }
}
