using CodeTuner.Models.Generation;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Cpu.Threading;

namespace CodeTuner.LanguageServer.Serving;

/// <summary>
/// One model in memory that one request at a time uses, in the order they came. What a user waits for at the cursor has a lane
/// of its own, so a review in the other never holds it up.
/// </summary>
/// <param name="compute">The shared threads.</param>
/// <param name="isInteractive">Whether a tune stops while this lane works.</param>
/// <param name="idleTime">How long the model stays in memory without a request; null is for ever.</param>
internal sealed class ModelLane(ComputeResources compute, bool isInteractive, TimeSpan? idleTime = null) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private CpuBackend? _backend;
    private DecoderLanguageModel? _model;
    private string? _folder;
    private Timer? _idle;
    private bool _disposed;

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
        if (_model is null || _folder != checkpoint.ModelFolder)
        {
            Unload();
            _backend = compute.CreateBackend(isInteractive ? ComputePriority.Interactive : ComputePriority.Background);
            _model = DecoderLanguageModel.Load(checkpoint.ModelFolder, _backend);
            _folder = checkpoint.ModelFolder;
        }

        T result = work(_model, cancellationToken);
        if (idleTime is { } time)
        {
            _idle ??= new Timer(_ => UnloadWhenIdle());
            _idle.Change(time, Timeout.InfiniteTimeSpan);
        }

        return result;
    }

    private void UnloadWhenIdle()
    {
        if (!_turn.Wait(0))
            return;
        Unload();
        _turn.Release();
        ProcessMemory.Return();
    }

    private void Unload()
    {
        _model?.Dispose();
        _backend?.Dispose();
        (_model, _backend, _folder) = (null, null, null);
    }
}
