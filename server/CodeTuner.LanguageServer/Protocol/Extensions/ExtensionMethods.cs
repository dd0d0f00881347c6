using CodeTuner.LanguageServer.Protocol.JsonRpc;
using static CodeTuner.LanguageServer.Protocol.Extensions.ExtensionsJsonContext;

namespace CodeTuner.LanguageServer.Protocol.Extensions;

/// <summary>The methods of the server's own; docs/protocol.md describes them.</summary>
internal static class ExtensionMethods
{
    // Tuning
    public static readonly RequestMethod<NoParams, StatusResult> Status = new("codetuner/status", Default.NoParams, Default.StatusResult);
    public static readonly RequestMethod<TuneParams, FolderStatus> Tune = new("codetuner/tune", Default.TuneParams, Default.FolderStatus);
    public static readonly RequestMethod<PauseTuneParams, FolderStatus> PauseTune =
        new("codetuner/pauseTune", Default.PauseTuneParams, Default.FolderStatus);
    public static readonly RequestMethod<FolderParams, FolderStatus> CancelTune =
        new("codetuner/cancelTune", Default.FolderParams, Default.FolderStatus);

    // Runs
    public static readonly RequestMethod<FolderParams, RunList> Runs = new("codetuner/runs", Default.FolderParams, Default.RunList);
    public static readonly RequestMethod<RunParams, RunDetails> Run = new("codetuner/run", Default.RunParams, Default.RunDetails);
    public static readonly RequestMethod<RunParams, FolderStatus> Promote = new("codetuner/promote", Default.RunParams, Default.FolderStatus);
    public static readonly RequestMethod<FolderParams, FolderStatus> Rollback =
        new("codetuner/rollback", Default.FolderParams, Default.FolderStatus);
    public static readonly RequestMethod<RunParams, RunList> DeleteRun = new("codetuner/deleteRun", Default.RunParams, Default.RunList);
    public static readonly RequestMethod<ExportRunParams, ExportedRun> ExportRun =
        new("codetuner/exportRun", Default.ExportRunParams, Default.ExportedRun);

    // Code
    public static readonly RequestMethod<PlaceParams, GeneratedEdit> GenerateFromComment =
        new("codetuner/generateFromComment", Default.PlaceParams, Default.GeneratedEdit);
    public static readonly RequestMethod<PlaceParams, GeneratedEdit> Summarize =
        new("codetuner/summarize", Default.PlaceParams, Default.GeneratedEdit);
    public static readonly RequestMethod<ReviewParams, ReviewResult> Review =
        new("codetuner/review", Default.ReviewParams, Default.ReviewResult);
    public static readonly RequestMethod<TranslateParams, Translation> Translate =
        new("codetuner/translate", Default.TranslateParams, Default.Translation);
    public static readonly RequestMethod<NoParams, LanguageList> Languages =
        new("codetuner/languages", Default.NoParams, Default.LanguageList);

    // The machine
    public static readonly RequestMethod<NoParams, ModelList> Models = new("codetuner/models", Default.NoParams, Default.ModelList);
    public static readonly RequestMethod<NoParams, Statistics> Statistics =
        new("codetuner/statistics", Default.NoParams, Default.Statistics);
    public static readonly RequestMethod<NoParams, DoctorReport> Doctor = new("codetuner/doctor", Default.NoParams, Default.DoctorReport);

    // Notifications
    public static readonly NotificationMethod<FolderStatus> DidChangeStatus = new("codetuner/didChangeStatus", Default.FolderStatus);
    public static readonly NotificationMethod<ShownCompletionParams> DidShowCompletion =
        new("codetuner/didShowCompletion", Default.ShownCompletionParams);
    public static readonly NotificationMethod<NoParams> DidGrantTrust = new("codetuner/didGrantTrust", Default.NoParams);
    public static readonly NotificationMethod<UserIsIdleParams> UserIsIdle = new("codetuner/userIsIdle", Default.UserIsIdleParams);
}
