using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.Cpu;

/// <summary>
/// Pooled native memory. A step of the same shapes as the one before finds everything in the pool and neither the
/// collector nor the system sees an allocation.
/// </summary>
internal sealed unsafe class CpuMemory : IDisposable
{
    private const int Alignment = 64;
    private const long Smallest = 256;

    private readonly Dictionary<long, Stack<CpuTensor>> free = [];
    private readonly HashSet<CpuTensor> live = [];

    /// <summary>Bytes handed out.</summary>
    public long LiveBytes { get; private set; }

    /// <summary>Bytes kept for later.</summary>
    public long PooledBytes { get; private set; }

    public CpuTensor Rent(Shape shape, DType type)
    {
        long capacity = RoundUp(Math.Max(Smallest, CpuTensor.StoredBytesOf(shape, type)));
        CpuTensor tensor;
        if (free.TryGetValue(capacity, out Stack<CpuTensor>? stack) && stack.Count > 0)
        {
            tensor = stack.Pop();
            PooledBytes -= capacity;
        }
        else
        {
            tensor = new CpuTensor(Allocate(capacity), capacity);
        }

        live.Add(tensor);
        LiveBytes += capacity;
        tensor.Become(shape, type);
        return tensor;
    }

    public void Return(CpuTensor tensor)
    {
        if (!live.Remove(tensor))
            throw new InvalidOperationException("A tensor was released twice, or belongs to another backend.");
        tensor.IsReleased = true;
        LiveBytes -= tensor.Capacity;
        PooledBytes += tensor.Capacity;
        if (!free.TryGetValue(tensor.Capacity, out Stack<CpuTensor>? stack))
            free[tensor.Capacity] = stack = new Stack<CpuTensor>();
        stack.Push(tensor);
    }

    /// <summary>Gives what is pooled back to the system.</summary>
    public void Trim()
    {
        foreach (CpuTensor tensor in free.Values.SelectMany(s => s))
            Free(tensor);
        free.Clear();
        PooledBytes = 0;
    }

    public void Dispose()
    {
        Trim();
        foreach (CpuTensor tensor in live)
            Free(tensor);
        live.Clear();
        LiveBytes = 0;
    }

    // Eight sizes an octave: lengths that vary (prompts) still meet what is pooled, at a cost of an eighth at most.
    private static long RoundUp(long bytes)
    {
        long step = Math.Max(Alignment, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)bytes) / 16);
        return (bytes + step - 1) / step * step;
    }

    private void* Allocate(long capacity)
    {
        try
        {
            return NativeMemory.AlignedAlloc((nuint)capacity, Alignment);
        }
        catch (OutOfMemoryException) when (PooledBytes > 0)
        {
            Trim();
            return NativeMemory.AlignedAlloc((nuint)capacity, Alignment);
        }
    }

    private static void Free(CpuTensor tensor)
    {
        NativeMemory.AlignedFree(tensor.Memory);
        tensor.Forget();
    }
}
