using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.Ggml.Native;

/// <summary>
/// What happens when ggml lets an exception of a Vulkan driver through: C++ ends the process, with a line that helps nobody.
/// On Linux it is told in the program's own words first. Source: the Itanium C++ ABI, exception handling, chapter 2.2 to 2.5,
/// and 2.9 of the ABI itself.
/// </summary>
internal static unsafe class UncaughtException
{
    // The namespace of the C++ bindings to Vulkan, as a mangled name begins.
    private const string Vulkan = "N2vk";

    // Bytes from an exception's header to the exception itself, on machines of 64 bits.
    private const int HeaderBytes = 112;

    private static nint typeOfCurrent;
    private static nint exceptionGlobals;
    private static delegate* unmanaged[Cdecl]<void> former;

    /// <summary>Takes over from ggml's own handler, which prints a stack and starts a debugger. Other exceptions are left to it.</summary>
    public static void Attach()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libstdc++.so.6", out nint library)
            || !NativeLibrary.TryGetExport(library, "__cxa_current_exception_type", out typeOfCurrent)
            || !NativeLibrary.TryGetExport(library, "__cxa_get_globals", out exceptionGlobals)
            || !NativeLibrary.TryGetExport(library, "_ZSt13set_terminatePFvvE", out nint set))
            return;
        former = (delegate* unmanaged[Cdecl]<void>)((delegate* unmanaged[Cdecl]<nint, nint>)set)((nint)(delegate* unmanaged[Cdecl]<void>)&End);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void End()
    {
        nint type = ((delegate* unmanaged[Cdecl]<nint>)typeOfCurrent)();
        // std::type_info: the table of virtual functions, then the mangled name.
        string name = type == 0 ? "" : Marshal.PtrToStringUTF8(((nint*)type)[1]) ?? "";
        if (!name.StartsWith(Vulkan, StringComparison.Ordinal) && former is not null)
        {
            former();
            return;
        }

        string text = $"{name} {What()}";
        GgmlLibrary.EndProcess(text.Contains("DeviceLost", StringComparison.Ordinal) ? new DeviceLostException("The graphics card was lost while it computed.")
            : text.Contains("Memory", StringComparison.Ordinal) ? new DeviceMemoryException($"{GgmlStream.LastUsed} has no room for what its driver holds while it computes.")
            : new DeviceLostException($"The graphics driver failed ({text})."));
    }

    // What the exception says of itself, such as "vk::Device::allocateMemory: ErrorOutOfDeviceMemory". The thread's record begins
    // with the exception that was caught last; every exception of these bindings begins with a table of its two destructors and what().
    private static string? What()
    {
        nint caught = *((delegate* unmanaged[Cdecl]<nint*>)exceptionGlobals)();
        if (caught == 0 || sizeof(nint) != 8)
            return null;
        nint exception = caught + HeaderBytes;
        nint what = (*(nint**)exception)[2];
        return Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint, nint>)what)(exception));
    }
}
