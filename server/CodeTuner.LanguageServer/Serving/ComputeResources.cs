using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Cpu.Threading;

namespace CodeTuner.LanguageServer.Serving;

/// <summary>The threads that all arithmetic of this process shares, started when first needed.</summary>
/// <param name="threads">How many; 0 is one a core.</param>
internal sealed class ComputeResources(Func<int> threads) : IDisposable
{
    private readonly Lazy<CpuThreadPool> _pool = new(() => new CpuThreadPool(Math.Clamp(threads() is > 0 and int n ? n : Environment.ProcessorCount, 1, 1024)));

    /// <summary>The threads.</summary>
    public CpuThreadPool Pool => _pool.Value;

    /// <summary>A backend on the shared threads. Each belongs to one caller at a time.</summary>
    public CpuBackend CreateBackend(ComputePriority priority) => new(new CpuBackendOptions { Pool = Pool, Priority = priority });

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_pool.IsValueCreated)
            _pool.Value.Dispose();
    }
}
