using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.Ggml.Native;

/// <summary>
/// What happens when ggml lets an exception of a Vulkan driver through: C++ ends the process, with a line that helps nobody.
/// On Linux it is told in the program's own words first. Source: the Itanium C++ ABI, chapter 2.4 and 2.9.
/// </summary>
internal static unsafe class UncaughtException
{
    // The namespace of the C++ bindings to Vulkan, as a mangled name begins.
    private const string Vulkan = "N2vk";

    private static nint typeOfCurrent;
    private static delegate* unmanaged[Cdecl]<void> former;

    /// <summary>Takes over from ggml's own handler, which prints a stack and starts a debugger. Other exceptions are left to it.</summary>
    public static void Attach()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libstdc++.so.6", out nint library)
            || !NativeLibrary.TryGetExport(library, "__cxa_current_exception_type", out typeOfCurrent)
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

        string what = name.Contains("DeviceLost", StringComparison.Ordinal) ? "The graphics card was lost while it computed."
            : name.Contains("Memory", StringComparison.Ordinal) ? "The graphics card ran out of memory, and its driver gave up."
            : $"The graphics driver failed ({name}).";
        GgmlLibrary.EndProcess(what);
    }
}
