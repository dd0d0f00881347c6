using System.Runtime.InteropServices;
using CodeTuner.Tensors.Cpu.Threading;

namespace CodeTuner.Tensors.Cpu;

/// <summary>A backend's working memory beside its tensors: one shared buffer and one for each worker, grown on demand and kept.</summary>
internal sealed unsafe class CpuScratch : IDisposable
{
    private readonly NativeFloats shared = new();
    private readonly NativeFloats[] own;

    public CpuScratch(CpuThreadPool pool, ComputePriority priority)
    {
        (Pool, Priority) = (pool, priority);
        own = new NativeFloats[pool.WorkerSlots];
        for (int i = 0; i < own.Length; i++)
            own[i] = new NativeFloats();
    }

    public CpuThreadPool Pool { get; }

    public ComputePriority Priority { get; }

    /// <summary>Bytes held.</summary>
    public long Bytes => shared.Bytes + own.Sum(b => b.Bytes);

    /// <summary>The buffer that all workers of one job see; valid until the next call.</summary>
    public float* Shared(long floats) => shared.AtLeast(floats);

    /// <summary>The buffer of one worker; valid until its next call.</summary>
    public float* Own(int worker, long floats) => own[worker].AtLeast(floats);

    /// <summary>Runs a job's tiles on the pool.</summary>
    public void Run<TBody>(int tiles, in TBody body)
        where TBody : struct, IParallelBody => Pool.Run(tiles, body, Priority);

    public void Dispose()
    {
        shared.Dispose();
        foreach (NativeFloats buffer in own)
            buffer.Dispose();
    }

    private sealed class NativeFloats : IDisposable
    {
        private void* memory;
        private long capacity;

        public long Bytes => capacity * 4;

        public float* AtLeast(long floats)
        {
            if (floats > capacity)
            {
                NativeMemory.AlignedFree(memory);
                memory = null;
                capacity = 0;
                memory = NativeMemory.AlignedAlloc((nuint)(floats * 4), 64);
                capacity = floats;
            }

            return (float*)memory;
        }

        public void Dispose()
        {
            NativeMemory.AlignedFree(memory);
            memory = null;
            capacity = 0;
        }
    }
}
