using System.Diagnostics;

namespace CodeTuner.Cli.Tests;

/// <summary>A real file system of a few megabytes, in memory, that can be filled to the last byte.</summary>
internal static class SmallDisk
{
    private const int Megabytes = 64;

    /// <summary>Lays an empty small disk over a folder until the result is disposed. Where this user may not mount one, the test fails and says so.</summary>
    public static IDisposable Mount(string folder)
    {
        Run("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m", "none", folder);
        return new Mounted(folder);
    }

    /// <summary>Writes a file until nothing more fits.</summary>
    public static void Fill(string path)
    {
        byte[] block = new byte[4096];
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (int i = 0; i <= Megabytes * 256; i++)
                file.Write(block);
        }
        catch (IOException)
        {
            return;
        }

        Assert.Fail("the disk did not fill");
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    private sealed class Mounted(string folder) : IDisposable
    {
        public void Dispose() => Run("umount", "--lazy", folder);
    }
}
