using System.Runtime.CompilerServices;
using CodeTuner.Tensors.Ggml.Native;

namespace CodeTuner.Tensors.Ggml.Tests.Devices;

/// <summary>
/// Lets ggml take Mesa's Vulkan driver for the processor as its GPU, where that is installed: the same libraries and
/// shaders run as on a card, and alike on every machine.
/// </summary>
internal static class SoftwareDriver
{
    /// <summary>Whether a device is that driver.</summary>
    public static bool Is(GgmlDevice device) => device.Description.Contains("llvmpipe", StringComparison.OrdinalIgnoreCase);

    /// <summary>Sets the variables, which native code reads when it is loaded.</summary>
    [ModuleInitializer]
    internal static void Choose()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("GGML_VK_VISIBLE_DEVICES") is not null)
            return;
        string[] folders = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
        if (!folders.Where(Directory.Exists).SelectMany(Directory.EnumerateFiles).Any(f => Path.GetFileName(f).StartsWith("lvp_", StringComparison.Ordinal)))
            return;
        NativeEnvironment.Set("VK_LOADER_DRIVERS_SELECT", "*lvp*");
        NativeEnvironment.Set("GGML_VK_VISIBLE_DEVICES", "0");
    }
}
