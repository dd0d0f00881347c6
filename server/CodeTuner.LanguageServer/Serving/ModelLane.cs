using CodeTuner.Models.Architectures;
using CodeTuner.Models.Generation;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Cpu.Threading;
using CodeTuner.Tuning.Devices;

namespace CodeTuner.LanguageServer.Serving;

/// <summary>
/// One model in memory that one request at a time uses, in the order they came. What a user waits for at the cursor has a lane
/// of its own, so a review in the other never holds it up.
/// </summary>
/// <param name="compute">The shared threads.</param>
/// <param name="isInteractive">Whether a tune stops while this lane works.</param>
/// <param name="staysLoaded">Whether the model stays in memory without requests; otherwise only working memory would.</param>
internal sealed class ModelLane(ComputeResources compute, bool isInteractive, bool staysLoaded) : IDisposable
{
    // A review or a hover seldom comes alone, and a typist's pause is no end; what nobody asks for longer should not hold memory.
    private static readonly TimeSpan UnloadAfter = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan TrimAfter = TimeSpan.FromSeconds(20);

    // Prompts of many lengths leave buffers of many sizes behind, which would add up to hundreds of megabytes.
    private const long MostPooled = 64L << 20;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private Backend? _backend;
    private DecoderLanguageModel? _model;
    private string? _folder;
    private CachedPrompts? _prompts;
    private (string, bool) _basis;
    private ComputeDevice? _device;
    private Timer? _idle;
    private bool _disposed;

    /// <summary>What is kept of the last prompts, as the last request left it; null where no model is in memory.</summary>
    public CachedPrompts? Prompts => Volatile.Read(ref _prompts);

    /// <summary>Waits for its turn, loads the checkpoint where another is in memory, and runs <paramref name="work"/> on a thread of the pool.</summary>
    /// <exception cref="Models.ModelFormatException">The checkpoint cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while it waited or worked.</exception>
    public async Task<T> RunAsync<T>(ServedCheckpoint checkpoint, Func<LanguageModel, CancellationToken, T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return await Task.Run(() => Run(checkpoint, work, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Forgets the model in memory, once nobody uses it.</summary>
    public void Dispose()
    {
        _turn.Wait();
        _disposed = true;
        Unload();
        _idle?.Dispose();
        _turn.Release();
    }

    private T Run<T>(ServedCheckpoint checkpoint, Func<LanguageModel, CancellationToken, T> work, CancellationToken cancellationToken)
    {
        using CpuThreadPool.InteractiveScope? scope = isInteractive ? compute.Pool.EnterInteractive() : null;
        T result;
        try
        {
            result = Compute(checkpoint, work, cancellationToken);
        }
        catch (Exception e) when (CardFailure.Is(e))
        {
            // The card is lost or full. The processor has no such troubles, so this is done once at most.
            Unload();
            compute.Cards.GiveUp(e.Message);
            result = Compute(checkpoint, work, cancellationToken);
        }

        if (_backend is CpuBackend { PooledBytes: > MostPooled })
            _backend.ReleaseUnused();
        Volatile.Write(ref _prompts, new CachedPrompts(_model!.Prefixes.Count, _model.Prefixes.Bytes, _model.Prefixes.MostBytes));
        _idle ??= new Timer(_ => Rest());
        _idle.Change(staysLoaded ? TrimAfter : UnloadAfter, Timeout.InfiniteTimeSpan);
        return result;
    }

    private T Compute<T>(ServedCheckpoint checkpoint, Func<LanguageModel, CancellationToken, T> work, CancellationToken cancellationToken)
    {
        DecoderLanguageModel model = Loaded(checkpoint);
        using IDisposable? working = compute.Cards.Working(_device!);
        return work(model, cancellationToken);
    }

    private DecoderLanguageModel Loaded(ServedCheckpoint checkpoint)
    {
        (string, bool) basis = compute.Cards.Basis;
        if (_model is not null && _folder == checkpoint.ModelFolder && _basis == basis)
            return _model;
        Unload();
        ModelConfig config = ModelConfig.LoadFrom(checkpoint.ModelFolder);
        _device = compute.Cards.ForServing(config);
        using IDisposable? working = compute.Cards.Working(_device);
        _backend = compute.CreateBackend(_device, isInteractive ? ComputePriority.Interactive : ComputePriority.Background);
        _model = ServingStorage.Load(checkpoint.ModelFolder, config, _backend);
        (_folder, _basis) = (checkpoint.ModelFolder, basis);
        return _model;
    }

    private void Rest()
    {
        if (!_turn.Wait(0))
            return;
        if (staysLoaded)
            _backend?.ReleaseUnused();
        else
            Unload();
        _turn.Release();
        ProcessMemory.Return();
    }

    private void Unload()
    {
        _model?.Dispose();
        _backend?.Dispose();
        (_model, _backend, _folder) = (null, null, null);
        Volatile.Write(ref _prompts, null);
    }
}

/// <summary>Prompts whose keys and values a lane's model keeps.</summary>
/// <param name="Count">How many.</param>
/// <param name="Bytes">What they take.</param>
/// <param name="MostBytes">What they may take.</param>
internal sealed record CachedPrompts(int Count, long Bytes, long MostBytes);
