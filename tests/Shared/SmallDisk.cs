using System.Diagnostics;

namespace CodeTuner.Tests;

/// <summary>A real file system of a few megabytes, in memory, that can be filled to the last byte.</summary>
internal static class SmallDisk
{
    private const int Megabytes = 64;

    /// <summary>Lays an empty small disk over a folder until the result is disposed.</summary>
    public static IDisposable Mount(string folder)
    {
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m", "none", folder));
        return new Mounted(folder);
    }

    /// <summary>Whether this user may mount one: root may, unless a container takes that away.</summary>
    public static bool CanMount()
    {
        if (!Environment.IsPrivilegedProcess)
            return false;
        string folder = Directory.CreateTempSubdirectory("codetuner-test-").FullName;
        try
        {
            if (Run("mount", "-t", "tmpfs", "-o", "size=1m", "none", folder) != 0)
                return false;
            Run("umount", folder);
            return true;
        }
        finally
        {
            Directory.Delete(folder);
        }
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

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private sealed class Mounted(string folder) : IDisposable
    {
        public void Dispose() => Run("umount", "--lazy", folder);
    }
}

/// <summary>A test that needs a small disk of its own.</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly bool CanMount = SmallDisk.CanMount();

    public SmallDiskFactAttribute()
    {
        if (!CanMount)
            Skip = "This user may not mount a file system.";
    }
}
