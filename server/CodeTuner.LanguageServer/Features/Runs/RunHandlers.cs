using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.LanguageServer.Scheduling;
using CodeTuner.LanguageServer.Workspaces;
using CodeTuner.Tuning;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.LanguageServer.Features.Runs;

/// <summary>The runs of a folder: shown, promoted, gone back from, deleted, exported.</summary>
internal sealed class RunHandlers(FolderSessions sessions)
{
    /// <summary><c>codetuner/runs</c>.</summary>
    public Task<RunList> ListAsync(FolderParams parameters, RequestContext context) => Task.FromResult(List(sessions.Named(parameters.Folder)));

    /// <summary><c>codetuner/run</c>.</summary>
    public Task<RunDetails> ShowAsync(RunParams parameters, RequestContext context)
    {
        RunStore store = Store(sessions.Named(parameters.Folder));
        return Task.FromResult(RunViews.Details(store.Get(parameters.Run), store.Promoted.Run));
    }

    /// <summary><c>codetuner/promote</c>.</summary>
    public Task<FolderStatus> PromoteAsync(RunParams parameters, RequestContext context) =>
        ChangeAsync(parameters, store => store.Promote(parameters.Run));

    /// <summary><c>codetuner/rollback</c>.</summary>
    public Task<FolderStatus> RollbackAsync(FolderParams parameters, RequestContext context) => ChangeAsync(parameters, store => store.Rollback());

    /// <summary><c>codetuner/deleteRun</c>.</summary>
    public Task<RunList> DeleteAsync(RunParams parameters, RequestContext context)
    {
        FolderSession session = sessions.Named(parameters.Folder);
        Store(session).Delete(parameters.Run);
        session.Touch();
        return Task.FromResult(List(session));
    }

    /// <summary><c>codetuner/exportRun</c>.</summary>
    public Task<ExportedRun> ExportAsync(ExportRunParams parameters, RequestContext context) =>
        Task.FromResult(new ExportedRun(Store(sessions.Named(parameters.Folder)).Get(parameters.Run).Export(parameters.Target)));

    private Task<FolderStatus> ChangeAsync(FolderParams parameters, Action<RunStore> change)
    {
        FolderSession session = sessions.Named(parameters.Folder);
        change(Store(session));
        session.WarmUp();
        return Task.FromResult(session.Status());
    }

    private static RunList List(FolderSession session)
    {
        RunStore store = Store(session);
        PromotedRun promoted = store.Promoted;
        return new RunList(session.Folder.Uri, [.. store.Runs.Select(r => RunViews.Summary(r, promoted.Run))]) { Promoted = promoted.Run, Previous = promoted.Previous };
    }

    private static RunStore Store(FolderSession session) =>
        session.Store ?? throw new TuningException($"{session.Folder.Name} is not a folder on this machine's disk, so it has no runs.");
}
