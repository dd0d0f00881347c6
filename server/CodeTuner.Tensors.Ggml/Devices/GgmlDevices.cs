namespace CodeTuner.Tensors.Ggml;

/// <summary>The devices of this machine.</summary>
public static class GgmlDevices
{
    /// <summary>Every device that ggml finds, GPUs first.</summary>
    /// <exception cref="GgmlLibraryException">The libraries are missing, half-installed or of another release.</exception>
    public static IReadOnlyList<GgmlDevice> List(GgmlLibraryOptions? options = null) => GgmlLibrary.Load(options).Devices;

    /// <summary>The first GPU.</summary>
    /// <exception cref="GgmlLibraryException">The libraries are missing, half-installed or of another release.</exception>
    /// <exception cref="GgmlDeviceException">There is no GPU; the message says what was found instead.</exception>
    public static GgmlDevice Gpu(GgmlLibraryOptions? options = null)
    {
        GgmlLibrary library = GgmlLibrary.Load(options);
        return library.Devices.FirstOrDefault(device => device.Kind is GgmlDeviceKind.Gpu or GgmlDeviceKind.IntegratedGpu)
            ?? throw new GgmlDeviceException(
                "ggml finds no GPU on this machine. "
                + (library.Problems.Count > 0 ? string.Join(' ', library.Problems) : "Its driver may be missing or too old (Vulkan 1.2 is needed)."));
    }
}
