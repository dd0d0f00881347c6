using CodeTuner.Tensors.Ggml.Native;

namespace CodeTuner.Tensors.Ggml;

/// <summary>The calls to a device that can fail, in one place, so that a test can make them fail.</summary>
internal unsafe class GgmlStream : IDisposable
{
    private readonly KeptResources? kept;
    private nint backend;

    /// <summary>The device that was opened last: what a driver is most likely to speak of where it ends the process.</summary>
    public static string LastUsed { get; private set; } = "The graphics card";

    /// <summary>Opens the device.</summary>
    /// <exception cref="GgmlDeviceException">It can not be opened.</exception>
    public GgmlStream(GgmlDevice device, int threads)
    {
        Device = device;
        LastUsed = device.ToString();
        kept = KeptResources.Of(device);
        GgmlLog.Clear();
        backend = kept?.TakeBackend() ?? 0;
        if (backend == 0)
            backend = Native.Ggml.BackendDeviceInit(device.Handle, 0);
        if (backend == 0)
            throw new GgmlDeviceException($"{device} can not be opened. {GgmlLog.Recent()}".TrimEnd());
        BufferType = Native.Ggml.BackendDeviceBufferType(device.Handle);
        Alignment = (long)Native.Ggml.BackendBufferTypeGetAlignment(BufferType);
        nuint largest = Native.Ggml.BackendBufferTypeGetMaxSize(BufferType);
        LargestBuffer = largest > long.MaxValue ? long.MaxValue : (long)largest;
        if (device.Kind == GgmlDeviceKind.Cpu && Native.Ggml.BackendRegistryGetProcAddress(device.Registry, "ggml_backend_set_n_threads") is var set and not 0)
            ((delegate* unmanaged[Cdecl]<nint, int, void>)set)(backend, threads);
    }

    public GgmlDevice Device { get; }

    public nint BufferType { get; }

    public long Alignment { get; }

    /// <summary>The most bytes that one buffer may take.</summary>
    public long LargestBuffer { get; }

    /// <summary>Memory on the device, or 0 where there is not enough.</summary>
    public virtual nint AllocateBuffer(long size) =>
        kept?.TakeBuffer(size) is { } spare and not 0 ? spare : Native.Ggml.BackendBufferTypeAllocBuffer(BufferType, (nuint)size);

    /// <summary>Gives memory back.</summary>
    public void FreeBuffer(nint buffer, long size)
    {
        if (kept is null)
            Native.Ggml.BackendBufferFree(buffer);
        else
            kept.KeepBuffer(buffer, size);
    }

    /// <summary>A planner of graphs, with its memory.</summary>
    public nint NewAllocator() => kept?.TakeAllocator() is { } spare and not 0 ? spare : Native.Ggml.AllocatorNew(BufferType);

    /// <summary>Frees a planner and its memory.</summary>
    public void FreeAllocator(nint allocator)
    {
        if (kept is null)
            Native.Ggml.AllocatorFree(allocator);
        else
            kept.KeepAllocator(allocator);
    }

    /// <summary>Whether planning this graph would free memory that must be kept.</summary>
    /// <param name="allocator">The planner.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="wanted">The bytes that it needs, where that had to be found out; else 0.</param>
    public bool MustNotGrow(nint allocator, nint graph, out nuint wanted)
    {
        wanted = 0;
        if (kept is null)
            return false;
        // Asked of another planner: this one would free its memory to answer.
        nint measure = Native.Ggml.AllocatorNew(BufferType);
        nuint size, held = Native.Ggml.AllocatorGetBufferSize(allocator, 0);
        Native.Ggml.AllocatorReserveSize(measure, graph, 0, 0, (nint)(&size));
        Native.Ggml.AllocatorFree(measure);
        wanted = size;
        return held != 0 && size > held;
    }

    public virtual void Upload(GgmlTensorStruct* tensor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* data = bytes)
            Native.Ggml.BackendTensorSet((nint)tensor, (nint)data, 0, (nuint)bytes.Length);
    }

    public virtual void Download(GgmlTensorStruct* tensor, Span<byte> bytes)
    {
        fixed (byte* data = bytes)
            Native.Ggml.BackendTensorGet((nint)tensor, (nint)data, 0, (nuint)bytes.Length);
    }

    /// <summary>Plans the memory of a graph's inner values; false where the device has not enough.</summary>
    public virtual bool Plan(nint allocator, nint graph) => Native.Ggml.AllocatorReserve(allocator, graph) && Native.Ggml.AllocatorAllocGraph(allocator, graph);

    /// <summary>Runs a graph and waits for it.</summary>
    public virtual GgmlStatus Compute(nint graph) => Native.Ggml.BackendGraphCompute(backend, graph);

    /// <summary>Whether the device can run an operation.</summary>
    public bool Supports(nint operation) => Native.Ggml.BackendDeviceSupportsOp(Device.Handle, operation);

    public void Dispose()
    {
        if (backend != 0 && kept is null)
            Native.Ggml.BackendFree(backend);
        else if (backend != 0)
            kept!.KeepBackend(backend);
        backend = 0;
    }
}
