namespace CodeTuner.Tensors.Ggml;

/// <summary>
/// What a device's driver must not be given back before the process ends. Mesa's Vulkan driver for the processor goes on
/// using buffers that were freed after they took part in a computation, and corrupts memory; so there they are kept, and
/// used again by the next that asks. Real GPUs get everything back.
/// </summary>
internal sealed class KeptResources
{
    private static readonly Dictionary<nint, KeptResources> ByDevice = [];
    private readonly Stack<nint> backends = new();
    private readonly Stack<nint> allocators = new();
    private readonly Dictionary<long, Stack<nint>> buffers = [];

    private KeptResources()
    {
    }

    /// <summary>Those of a device that needs this, else null.</summary>
    public static KeptResources? Of(GgmlDevice device)
    {
        if (!device.Description.Contains("llvmpipe", StringComparison.OrdinalIgnoreCase))
            return null;
        lock (ByDevice)
        {
            if (!ByDevice.TryGetValue(device.Handle, out KeptResources? kept))
                ByDevice[device.Handle] = kept = new KeptResources();
            return kept;
        }
    }

    public nint TakeBackend() => Take(backends);

    public void KeepBackend(nint backend) => Keep(backends, backend);

    public nint TakeAllocator() => Take(allocators);

    public void KeepAllocator(nint allocator) => Keep(allocators, allocator);

    public nint TakeBuffer(long size)
    {
        lock (buffers)
            return buffers.TryGetValue(size, out Stack<nint>? stack) && stack.TryPop(out nint buffer) ? buffer : 0;
    }

    public void KeepBuffer(nint buffer, long size)
    {
        lock (buffers)
        {
            if (!buffers.TryGetValue(size, out Stack<nint>? stack))
                buffers[size] = stack = new Stack<nint>();
            stack.Push(buffer);
        }
    }

    private static nint Take(Stack<nint> stack)
    {
        lock (stack)
            return stack.TryPop(out nint taken) ? taken : 0;
    }

    private static void Keep(Stack<nint> stack, nint kept)
    {
        lock (stack)
            stack.Push(kept);
    }
}
