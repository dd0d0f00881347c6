using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Cpu.Threading;
using CodeTuner.Tuning.Devices;

namespace CodeTuner.LanguageServer.Serving;

/// <summary>What the arithmetic of this process runs on: threads that all of it shares, started when first needed, and a graphics card where one is used.</summary>
/// <param name="threads">How many; 0 is one a core.</param>
/// <param name="cards">Whether a card is used.</param>
internal sealed class ComputeResources(Func<int> threads, CardUse cards) : IDisposable
{
    private readonly Lazy<CpuThreadPool> _pool = new(() => new CpuThreadPool(Math.Clamp(threads() is > 0 and int n ? n : Environment.ProcessorCount, 1, 1024)));

    /// <summary>The threads.</summary>
    public CpuThreadPool Pool => _pool.Value;

    /// <summary>Whether a card is used.</summary>
    public CardUse Cards => cards;

    /// <summary>A backend on a card, or on the shared threads. Each belongs to one caller at a time.</summary>
    /// <exception cref="Tensors.Ggml.GgmlDeviceException">The card cannot be opened.</exception>
    public Backend CreateBackend(ComputeDevice device, ComputePriority priority) =>
        device.CreateBackend(new CpuBackendOptions { Pool = Pool, Priority = priority }, cards.MemoryShare);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_pool.IsValueCreated)
            _pool.Value.Dispose();
    }
}
