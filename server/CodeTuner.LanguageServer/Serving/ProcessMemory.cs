using System.Runtime.InteropServices;

namespace CodeTuner.LanguageServer.Serving;

/// <summary>Gives memory that is not in use back to the system: a server at rest must not keep what a tune needed.</summary>
internal static partial class ProcessMemory
{
    /// <summary>Collects in the background and trims the C library's heap where it can be: a compaction would stop everything for tens of milliseconds.</summary>
    public static void Return()
    {
        BackgroundCollector.Process.Collect();
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library than glibc: it keeps what it keeps.
        }
    }

    // Source: malloc_trim(3) of glibc. Buffers of up to 32 MB stay in its heap when they are freed.
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
