using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.LanguageServer.Workspaces;
using CodeTuner.Tuning;

namespace CodeTuner.LanguageServer.Features.Tuning;

/// <summary>
/// Tunes by itself where the user allows it: nobody types, the machine is on mains power, and enough has changed since the last run.
/// It pauses when the user comes back to a machine on battery.
/// </summary>
internal sealed class AutomaticTune : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly FolderSessions _sessions;
    private readonly SessionServices _services;
    private readonly TuneHandlers _tunes;
    private readonly Timer _timer;
    private volatile bool _idle;

    /// <summary>Looks once a minute.</summary>
    public AutomaticTune(FolderSessions sessions, SessionServices services, TuneHandlers tunes)
    {
        (_sessions, _services, _tunes) = (sessions, services, tunes);
        _timer = new Timer(_ => services.Client.InBackground(() => Task.Run(Look), "The automatic tune"), null, Interval, Interval);
    }

    /// <summary><c>codetuner/userIsIdle</c>.</summary>
    public void Hear(UserIsIdleParams parameters)
    {
        _idle = parameters.Idle;
        if (parameters.OnBattery is { } battery)
            _services.Power.ClientSays(battery);
        if (parameters.Idle)
            _services.Client.InBackground(() => Task.Run(Look), "The automatic tune");
    }

    /// <summary>Starts a tune where one is due.</summary>
    public void Look()
    {
        if (!_services.Settings.Value.Tune.Automatic || !_idle || !_services.Trust.IsTrusted || _services.Power.IsOnBattery)
            return;
        foreach (FolderSession session in _sessions.All.Where(s => s.Store is not null && !s.Tune.IsRunning))
        {
            if (!WorkspaceChange.IsEnough(session.Path!, session.Store!))
                continue;
            try
            {
                session.Tune.Start(_tunes.Options(null));
            }
            catch (TuningException e)
            {
                _services.Log.Info("The automatic tune did not start.");
                _services.Log.Debug(e.Message);
            }

            return;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();
}
