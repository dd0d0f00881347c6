using CodeTuner.LanguageServer.Workspaces;
using CodeTuner.Tuning;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.LanguageServer.Features.Tuning;

/// <summary>Goes on with a tune that a closed window or a dead server broke off. One that the user stopped stays stopped.</summary>
internal static class InterruptedTune
{
    /// <summary>Goes on, where there is something to go on with and no other process does already.</summary>
    public static void GoOn(FolderSession session, SessionServices services)
    {
        if (!services.Trust.IsTrusted || session.Store is not { } store)
            return;
        try
        {
            if (store.Unfinished?.Info.Status is not (RunStatus.Training or RunStatus.Evaluating) || WorkspaceLock.IsTaken(store.Folder))
                return;
            session.Tune.Start(null);
        }
        catch (TuningException e)
        {
            services.Log.Info("An interrupted tune was not gone on with.");
            services.Log.Debug(e.Message);
        }
        catch (ObjectDisposedException)
        {
            // The folder was closed while the tune waited for its turn.
        }
    }
}
