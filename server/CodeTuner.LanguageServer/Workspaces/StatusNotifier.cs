using System.Collections.Concurrent;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.LanguageServer.Protocol.JsonRpc;

namespace CodeTuner.LanguageServer.Workspaces;

/// <summary>Tells the client how folders stand, at most five times a second each, and always what holds in the end.</summary>
internal sealed class StatusNotifier
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly SessionServices _services;
    private readonly ConcurrentDictionary<FolderSession, bool> _pending = new();

    /// <summary>Follows the sessions.</summary>
    public StatusNotifier(FolderSessions sessions, SessionServices services)
    {
        _services = services;
        sessions.StatusChanged += Schedule;
    }

    private void Schedule(FolderSession session)
    {
        if (_pending.TryAdd(session, true))
            _services.Client.InBackground(() => SendLaterAsync(session), "Telling the status");
    }

    private async Task SendLaterAsync(FolderSession session)
    {
        await Task.Delay(Interval);
        // What changes from here on sends again.
        _pending.TryRemove(session, out _);
        try
        {
            await _services.Client.Connection.NotifyAsync(ExtensionMethods.DidChangeStatus, session.Status());
        }
        catch (ConnectionClosedException)
        {
            // Nobody wants to know.
        }
    }
}
