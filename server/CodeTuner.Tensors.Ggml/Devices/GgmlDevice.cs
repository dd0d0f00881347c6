using CodeTuner.Tensors.Ggml.Native;

namespace CodeTuner.Tensors.Ggml;

/// <summary>What kind of device it is.</summary>
public enum GgmlDeviceKind
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>A GPU with memory of its own.</summary>
    Gpu,

    /// <summary>A GPU that shares the processor's memory.</summary>
    IntegratedGpu,

    /// <summary>Something that helps the processor.</summary>
    Accelerator,
}

/// <summary>Free and total memory of a device, in bytes. What other processes hold counts as not free where the driver says so.</summary>
/// <param name="Free">Free bytes.</param>
/// <param name="Total">All bytes.</param>
public readonly record struct GgmlMemory(long Free, long Total);

/// <summary>A device that ggml can compute on.</summary>
public sealed class GgmlDevice
{
    internal GgmlDevice(nint handle, nint registry)
    {
        (Handle, Registry) = (handle, registry);
        Name = Native.Ggml.BackendDeviceName(handle);
        Description = Native.Ggml.BackendDeviceDescription(handle);
        Interface = Native.Ggml.BackendRegistryName(registry);
        Kind = Native.Ggml.BackendDeviceType(handle) switch
        {
            GgmlDeviceType.Gpu => GgmlDeviceKind.Gpu,
            GgmlDeviceType.IntegratedGpu => GgmlDeviceKind.IntegratedGpu,
            GgmlDeviceType.Cpu => GgmlDeviceKind.Cpu,
            _ => GgmlDeviceKind.Accelerator,
        };
    }

    /// <summary>ggml's name of it, such as <c>Vulkan0</c>.</summary>
    public string Name { get; }

    /// <summary>The hardware's name, such as <c>NVIDIA GeForce RTX 4070</c>.</summary>
    public string Description { get; }

    /// <summary>What it is reached through: <c>Vulkan</c>, <c>CUDA</c>, <c>Metal</c> or <c>CPU</c>.</summary>
    public string Interface { get; }

    /// <summary>What kind of device it is. A Vulkan driver that runs on the processor counts as a GPU here, as ggml does.</summary>
    public GgmlDeviceKind Kind { get; }

    /// <summary>Its memory now; asks the driver.</summary>
    public GgmlMemory Memory
    {
        get
        {
            Native.Ggml.BackendDeviceMemory(Handle, out nuint free, out nuint total);
            return new GgmlMemory((long)free, (long)total);
        }
    }

    internal nint Handle { get; }

    internal nint Registry { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Description})";
}
