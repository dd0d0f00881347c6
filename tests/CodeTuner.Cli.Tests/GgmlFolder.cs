using System.Text;
using CodeTuner.Tests;

namespace CodeTuner.Cli.Tests;

/// <summary>A folder of ggml's libraries with something wrong in it.</summary>
internal sealed class GgmlFolder : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>Links to the real ones, but for one file.</summary>
    /// <param name="file">The file that is different.</param>
    /// <param name="change">What becomes of its bytes; null leaves it out.</param>
    public GgmlFolder(string file, Func<byte[], byte[]>? change)
    {
        foreach (string real in Directory.EnumerateFiles(FaultyDriver.Libraries!, "*.so"))
        {
            if (System.IO.Path.GetFileName(real) != file)
                File.CreateSymbolicLink(System.IO.Path.Combine(Path, System.IO.Path.GetFileName(real)), real);
        }

        if (change is not null)
            File.WriteAllBytes(System.IO.Path.Combine(Path, file), change(File.ReadAllBytes(System.IO.Path.Combine(FaultyDriver.Libraries!, file))));
    }

    public string Path => folder.Path;

    /// <summary>Writes other bytes of the same length over the first place where some are.</summary>
    public static byte[] Replace(byte[] bytes, string before, string after)
    {
        int at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(before));
        Assert.True(at >= 0 && before.Length == after.Length);
        Encoding.ASCII.GetBytes(after).CopyTo(bytes, at);
        return bytes;
    }

    public void Dispose() => folder.Dispose();
}
