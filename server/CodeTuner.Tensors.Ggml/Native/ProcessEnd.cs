using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.Ggml.Native;

/// <summary>Ends this process at once, with nothing run that belongs to a driver: that is in an unknown state, and may never return.</summary>
internal static partial class ProcessEnd
{
    /// <summary>Ends it.</summary>
    public static void Now(int code)
    {
        if (OperatingSystem.IsWindows())
            TerminateProcess(-1, (uint)code);
        else
            Exit(code);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    // -1 is the handle of the calling process.
    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint code);
}
