using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.LanguageServer.Scheduling;
using CodeTuner.LanguageServer.Serving;
using CodeTuner.LanguageServer.Workspaces;
using CodeTuner.Models;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu.Threading;
using CodeTuner.Tensors.Ggml;
using CodeTuner.Tuning;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning.Runs;
using CodeTuner.Workspace;

namespace CodeTuner.LanguageServer.Features.Tuning;

/// <summary>Runs the tunes of a folder, one at a time, on a thread of its own whose arithmetic gives way to every request.</summary>
internal sealed class TuneRunner(FolderSession session, SessionServices services) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _mayRun = new(initialState: true);
    private CancellationTokenSource? _cancel;
    private Task _running = Task.CompletedTask;
    private TuneClock? _clock;
    private CardTurn? _card;
    private SignsOfLife? _life;
    private bool _closing;

    /// <summary>The status changed.</summary>
    public event Action? Changed;

    /// <summary>How the tune that runs stands; null where none does.</summary>
    public TuneStatus? Status { get; private set; }

    /// <summary>How the last one ended.</summary>
    public TuneEnd? Last { get; private set; }

    /// <summary>Whether one runs.</summary>
    public bool IsRunning => Status is not null;

    /// <summary>Starts a tune, or goes on with an unfinished one.</summary>
    /// <param name="options">What to do; null goes on with the newest unfinished run.</param>
    /// <exception cref="TuningException">It cannot be started, for a reason that the message gives.</exception>
    public void Start(TuneOptions? options)
    {
        if (!services.Trust.IsTrusted)
            throw new TuningException("This workspace is not trusted, so it is not learned from. Trust it first (\"Manage Workspace Trust\").");
        if (session.Store is not { } store)
            throw new TuningException($"{session.Folder.Name} is not a folder on this machine's disk, so it cannot be tuned.");
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            if (IsRunning)
                throw new TuningException($"{session.Folder.Name} is being tuned already.");
            if (!services.TuneSlot.Wait(0))
                throw new TuningException("Another folder is being tuned. Wait until it is done, or stop it first.");
            Status = new TuneStatus(TunePhaseName.Scanning, Paused: false, 0);
            Last = null;
            _mayRun.Set();
            _clock = new TuneClock();
            _cancel = new CancellationTokenSource();
            _running = RunAsync(store, options, _cancel.Token);
        }

        Changed?.Invoke();
    }

    /// <summary>Holds the tune at the end of its step, or lets it go on.</summary>
    /// <exception cref="TuningException">None runs.</exception>
    public void Pause(bool paused)
    {
        lock (_gate)
        {
            if (Status is not { } status)
                throw new TuningException($"{session.Folder.Name} is not being tuned.");
            if (_cancel!.IsCancellationRequested)
                return;
            if (paused)
                _mayRun.Reset();
            else
                _mayRun.Set();
            _card?.UserDecided();
            Status = status with { Paused = paused, PausedBy = paused ? PauseCause.User : null };
        }

        Changed?.Invoke();
    }

    /// <summary>Stops the tune at the end of its step; completes when everything is saved.</summary>
    public Task CancelAsync()
    {
        lock (_gate)
        {
            _cancel?.Cancel();
            _mayRun.Set();
            return _running;
        }
    }

    /// <summary>Ends with the server: the tune stops as one that goes on when the server comes back.</summary>
    public void Dispose()
    {
        lock (_gate)
            _closing = true;
        CancelAsync().Wait();
    }

    private async Task RunAsync(RunStore store, TuneOptions? options, CancellationToken cancellationToken)
    {
        await Task.Yield();
        // A client that is slow to show a bar must not hold up the tune.
        Task<ProgressBar> opening = BeginBarAsync(cancellationToken);
        using SignsOfLife life = _life = new SignsOfLife(() => _card is null || !_mayRun.IsSet);
        Task<TuneEnd> work = Task.Factory.StartNew(
            () => Work(store, options, opening, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        TuneEnd end = await Task.WhenAny(work, life.Silent) == work ? await work : Hung();

        ProcessMemory.Return();
        lock (_gate)
        {
            Status = null;
            Last = end;
            _cancel = null;
            _card = null;
        }

        services.TuneSlot.Release();
        Changed?.Invoke();
        if (end.Outcome == TuneOutcome.Promoted && !_closing)
            session.WarmUp();
        if (opening.IsCompletedSuccessfully)
            await EndBarAsync(opening.Result, end.Message);
    }

    // Its thread is lost with the driver, and keeps the run's lock: only a new process can go on.
    private TuneEnd Hung()
    {
        string card = _card?.Name ?? "The graphics card";
        services.Compute.Cards.GiveUpSilent(card);
        return new TuneEnd(
            Status?.Run ?? "", TuneOutcome.Failed,
            $"{card} does not answer any more, so the tune was given up. Nothing that was saved is lost: restart the server (CodeTuner: Restart Server), and it goes on from its last checkpoint.");
    }

    // Another window's tune, or one of the command line, may be on the card.
    private CardQueue WaitForCard(ComputeDevice device, CancellationToken cancellationToken)
    {
        CardQueue queue = CardQueue.Wait(services.StateFolder ?? RunStore.DefaultState(), device.Name, session.Folder.Name, who => SetWaiting(who), cancellationToken);
        SetWaiting(null);
        return queue;
    }

    private void SetWaiting(string? who)
    {
        lock (_gate)
        {
            if (Status is not { } status || (who is null && status.PausedBy != PauseCause.Card))
                return;
            Status = status with { Paused = who is not null, PausedBy = who is null ? null : PauseCause.Card };
        }

        if (who is not null)
            services.Tell(MessageType.Info, $"{who} The tune of {session.Folder.Name} begins when that is done.");
        Changed?.Invoke();
    }

    private CardTurn TakeTurn(GgmlBackend backend)
    {
        CardGuard guard = new(() => backend.Device.Memory, () => services.Settings.Value.Gpu.PauseOnBattery && services.Power.IsOnBattery);
        return new CardTurn(guard, backend.Device.Name, () => backend.DeviceBytes, backend.ReleaseUnused, HoldForPower, () => _cancel?.Cancel());
    }

    // Called by the tune's own thread when the power goes, and by a timer when it is back.
    private void HoldForPower(bool hold)
    {
        lock (_gate)
        {
            if (Status is not { } status || _cancel is not { IsCancellationRequested: false } || (!hold && status.PausedBy != PauseCause.Battery))
                return;
            if (hold)
                _mayRun.Reset();
            else
                _mayRun.Set();
            Status = status with { Paused = hold, PausedBy = hold ? PauseCause.Battery : null };
        }

        Changed?.Invoke();
    }

    private static async Task EndBarAsync(ProgressBar bar, string message)
    {
        try
        {
            await bar.EndAsync(message);
        }
        catch (ConnectionClosedException)
        {
            // Nobody looks at it anymore.
        }
    }

    private async Task<ProgressBar> BeginBarAsync(CancellationToken cancellationToken)
    {
        try
        {
            ProgressBar bar = await services.Progress.BeginAsync($"Fine-tuning on {session.Folder.Name}", cancellable: true, cancellationToken);
            bar.Cancelled.Register(() => _ = CancelAsync());
            return bar;
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionClosedException)
        {
            return ProgressBar.Hidden(services.Client.Connection);
        }
    }

    private TuneEnd Work(RunStore store, TuneOptions? options, Task<ProgressBar> bar, CancellationToken cancellationToken)
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        try
        {
            ComputeDevice device = services.Compute.Cards.ForTuning();
            using CardQueue? queue = device.Card is null ? null : WaitForCard(device, cancellationToken);
            using IDisposable? working = services.Compute.Cards.Working(device);
            using Backend backend = services.Compute.CreateBackend(device, ComputePriority.Background);
            using CardTurn? card = _card = backend is GgmlBackend own ? TakeTurn(own) : null;
            lock (_gate)
                Status = Status! with { Device = device.Card?.Description };
            Changed?.Invoke();
            options = options is null ? null : options with { AvailableMemory = device.AvailableBytes(services.Compute.Cards.MemoryShare) };
            TuneJob job = new(store, backend, progress => Report(store, progress, bar));
            TuneResult result = options is null ? job.Resume(cancellationToken) : job.Start(options, cancellationToken);
            if (result.Interrupted)
                return Stopped(result.Run, card);
            RunInfo info = result.Run.Info;
            return new TuneEnd(info.Id, info.Verdict!.Promote ? TuneOutcome.Promoted : TuneOutcome.NoGain, info.Outcome!);
        }
        catch (OperationCanceledException)
        {
            return new TuneEnd(Status?.Run ?? "", TuneOutcome.Stopped, "Stopped before training began; nothing was changed.");
        }
        catch (Exception e) when (CardFailure.Is(e))
        {
            // Serving and the next tune use the processor; the user hears of it from there.
            services.Compute.Cards.GiveUp(e.Message);
            return new TuneEnd(Status?.Run ?? "", TuneOutcome.Failed, $"{e.Message} {AfterCard(e)}");
        }
        catch (Exception e) when (e is TuningException or ModelFormatException or WorkspaceException)
        {
            return new TuneEnd(Status?.Run ?? "", TuneOutcome.Failed, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new TuneEnd(Status?.Run ?? "", TuneOutcome.Failed, $"{e.Message} Nothing is lost: put it right and resume the tune.");
        }
        catch (Exception e)
        {
            services.Log.Error("A tune failed:", e);
            return new TuneEnd(Status?.Run ?? "", TuneOutcome.Failed, $"The tune failed unexpectedly ({e.GetType().Name}). The log has more; resume the tune to try again.");
        }
    }

    private static string AfterCard(Exception failure) =>
        "Nothing is lost: resume the tune, and it goes on from its last checkpoint on the processor." + (failure is DeviceMemoryException
            ? " Or set codetuner.tune.batchSize or codetuner.tune.rowLength lower, restart the server, and tune anew on the card."
            : "");

    private TuneEnd Stopped(RunFolder run, CardTurn? card)
    {
        // Not the user stopped it but the window's closing, or another program's need: it goes on by itself.
        if ((_closing || card?.HasYielded == true) && run.CanResume)
            run.Info = run.Info with { Status = RunStatus.Training };
        if (card?.HasYielded == true && !_closing)
        {
            card.WhenThereIsRoom(() => InterruptedTune.GoOn(session, services));
            return new TuneEnd(run.Id, TuneOutcome.Stopped, $"Another program needs the memory of {card.Name}. Everything is saved, and the tune goes on by itself when there is room again.");
        }

        return new TuneEnd(run.Id, TuneOutcome.Stopped, run.CanResume
            ? $"Stopped after {run.Info.Steps} of {run.Recipe?.TotalSteps} steps; everything is saved. Resume it whenever you like."
            : "Stopped before training began; nothing was changed.");
    }

    private void Report(RunStore store, TuneProgress progress, Task<ProgressBar> bar)
    {
        _life?.Heard();
        lock (_gate)
        {
            if (Status is not { } before)
                return; // it was given up, and this is a late word of it
            Status = _clock!.Status(progress, before) with
            {
                Run = before.Run ?? (store.Runs is [{ } newest, ..] ? newest.Id : null),
                Paused = before.Paused,
                PausedBy = before.PausedBy,
            };
        }

        if (bar.IsCompletedSuccessfully)
            bar.Result.Report(TuneWords.Of(Status), (uint)(Status.Progress * 100));
        Changed?.Invoke();
        if (progress.Training is not null)
            _card?.Look();
        _mayRun.Wait(CancellationToken.None); // cancelling lets it go on, to the end of the step
    }
}
