using CodeTuner.LanguageServer.Features.InlineCompletion;
using CodeTuner.LanguageServer.Features.Tuning;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.LanguageServer.Serving;
using CodeTuner.Models;
using CodeTuner.Models.Generation;
using CodeTuner.Tuning;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.LanguageServer.Workspaces;

/// <summary>A folder of the workspace: what serves it, and its tuning. Files outside every folder share a session without a path.</summary>
internal sealed class FolderSession : IDisposable
{
    private readonly SessionServices _services;
    private readonly Lock _gate = new();
    private ServedCheckpoint? _served;
    private (DateTime Promoted, string Setting, bool Trusted) _servedFor;
    private string? _brokenRun;
    private string? _error;
    private bool _loaded;

    /// <param name="folder">The folder; null for files outside every folder.</param>
    /// <param name="services">What all sessions share.</param>
    public FolderSession(WorkspaceFolder? folder, SessionServices services)
    {
        _services = services;
        Folder = folder ?? new WorkspaceFolder("", "");
        Path = folder is not null && Uri.TryCreate(folder.Uri, UriKind.Absolute, out Uri? uri) && uri.IsFile ? uri.LocalPath : null;
        Store = Path is not null ? new RunStore(Path, services.StateFolder) : null;
        Typing = new ModelLane(services.Compute, isInteractive: true, staysLoaded: true);
        Assist = new ModelLane(services.Compute, isInteractive: true, staysLoaded: false);
        Background = new ModelLane(services.Compute, isInteractive: false, staysLoaded: false);
        Completions = new FolderCompletions(this, services);
        Tune = new TuneRunner(this, services);
        Tune.Changed += () => Changed?.Invoke(this);
    }

    /// <summary>What <see cref="Status"/> says has changed.</summary>
    public event Action<FolderSession>? Changed;

    /// <summary>The folder as the client names it.</summary>
    public WorkspaceFolder Folder { get; }

    /// <summary>Its path; null where it is not on this machine's disk.</summary>
    public string? Path { get; }

    /// <summary>The folder's name, as prompts show it.</summary>
    public string Repository => Path is null ? "" : System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));

    /// <summary>Its runs; null where it has no path.</summary>
    public RunStore? Store { get; }

    /// <summary>For completions.</summary>
    public ModelLane Typing { get; }

    /// <summary>For what a user asked for and waits for.</summary>
    public ModelLane Assist { get; }

    /// <summary>For what nobody waits for, or what takes long; gives way to everything else.</summary>
    public ModelLane Background { get; }

    /// <summary>Its completions.</summary>
    public FolderCompletions Completions { get; }

    /// <summary>Its tuning.</summary>
    public TuneRunner Tune { get; }

    /// <summary>Runs <paramref name="work"/> with the model that serves the folder.</summary>
    /// <exception cref="ServingException">Neither the promoted checkpoint nor the base can be loaded.</exception>
    public async Task<T> UseAsync<T>(ModelLane lane, Func<LanguageModel, CancellationToken, T> work, CancellationToken cancellationToken)
    {
        ServedCheckpoint checkpoint = Served();
        try
        {
            T result = await lane.RunAsync(checkpoint, work, cancellationToken).ConfigureAwait(false);
            SetLoaded();
            return result;
        }
        catch (Exception e) when (e is ModelFormatException or IOException or UnauthorizedAccessException)
        {
            if (checkpoint.Run is not { } run)
                throw Fail($"The model {checkpoint.BaseName} cannot be loaded: {e.Message}", e);
            GiveUp(run, e.Message);
            return await UseAsync(lane, work, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The weights that serve now.</summary>
    /// <exception cref="ServingException">The base that the settings name is not there.</exception>
    public ServedCheckpoint Served()
    {
        bool trusted = _services.Trust.IsTrusted;
        string setting = _services.Settings.Value.Model;
        lock (_gate)
        {
            var now = (Store is not null && trusted ? Store.PromotedChanged : default, setting, trusted);
            if (_served is not null && now == _servedFor)
                return _served;
            try
            {
                ServedCheckpoint chosen = ServedCheckpoint.Choose(trusted ? Store : null, setting);
                chosen = chosen.Run is not null && chosen.Run == _brokenRun ? ServedCheckpoint.Base(setting) : chosen;
                if (_served is not null && chosen != _served)
                    Completions.Reset();
                _served = chosen;
                _servedFor = now;
                _error = _brokenRun is null ? null : _error;
                return _served;
            }
            catch (TuningException e)
            {
                _error = $"The promoted checkpoint cannot be used: {e.Message} The base model serves instead.";
                _served = ServedCheckpoint.Base(setting);
                _servedFor = now;
                return _served;
            }
            catch (ModelFormatException e)
            {
                throw Fail(e.Message, e);
            }
        }
    }

    /// <summary>How the folder stands, for the client.</summary>
    public FolderStatus Status()
    {
        ServedCheckpoint? served = null;
        try
        {
            served = Served();
        }
        catch (ServingException)
        {
            // The error says it.
        }

        ServingState state = served is null ? ServingState.None
            : !_loaded ? ServingState.Loading
            : served.Run is null ? ServingState.Base : ServingState.Tuned;
        PromotedRun? promoted = Store?.Promoted;
        return new FolderStatus(
            Folder.Uri, Folder.Name, state, _services.Trust.IsTrusted, served?.BaseName ?? _services.Settings.Value.Model,
            HasPrevious: promoted?.HasPrevious ?? false, CanResume: !Tune.IsRunning && Store?.Unfinished is not null)
        {
            Run = served?.Run, Previous = promoted?.Previous, Tune = Tune.Status, Last = Tune.Last, Error = _error,
        };
    }

    /// <summary>Tells that the status may have changed.</summary>
    public void Touch() => Changed?.Invoke(this);

    /// <summary>Loads the model that serves now, ahead of the first request, and tells how the folder stands then.</summary>
    public void WarmUp() => _services.Client.InBackground(
        async () =>
        {
            try
            {
                await UseAsync(Typing, (_, _) => 0, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ServingException or ObjectDisposedException)
            {
                // The status tells it, or the folder is closed.
            }

            Touch();
        },
        "Loading the model");

    /// <inheritdoc/>
    public void Dispose()
    {
        Tune.Dispose();
        Typing.Dispose();
        Assist.Dispose();
        Background.Dispose();
    }

    private void SetLoaded()
    {
        if (_loaded)
            return;
        _loaded = true;
        Touch();
    }

    // Once broken, a checkpoint is not tried again until another is promoted: each keystroke would fail anew.
    private void GiveUp(string run, string why)
    {
        lock (_gate)
        {
            if (_brokenRun == run)
                return;
            _brokenRun = run;
            _served = null;
            _error = $"The tuned model of run {run} cannot be loaded, so the base model serves: {why} Tune again, or use the previous checkpoint.";
        }

        _services.Tell(MessageType.Error, _error);
        Touch();
    }

    private ServingException Fail(string message, Exception cause)
    {
        bool isNew = _error != message;
        _error = message;
        if (isNew)
        {
            _services.Tell(MessageType.Error, message);
            Touch();
        }

        return new ServingException(message, cause);
    }
}
