using System.Text;
using CodeTuner.Tensors.Ggml.Tests.Devices;
using CodeTuner.Tests;

namespace CodeTuner.Tensors.Ggml.Tests.Faults;

/// <summary>Libraries that are missing, half-installed or of another release are refused, with what to do.</summary>
public class LibraryTests
{
    [Theory]
    [InlineData(true, "The setting")]
    [InlineData(false, "The environment variable CODETUNER_GGML")]
    public void A_folder_that_is_named_must_hold_them(bool bySetting, string by)
    {
        using TemporaryFolder folder = new();
        GgmlLibraryOptions options = new() { Setting = bySetting ? folder.Path : null, Environment = bySetting ? null : folder.Path };
        string message = Assert.Throws<GgmlLibraryException>(() => options.Find()).Message;
        Assert.Contains(by, message);
        Assert.Contains(folder.Path, message);
        Assert.Contains(GgmlLibraryOptions.CoreFile, message);
    }

    [Fact]
    public void Without_any_the_message_says_where_it_looked()
    {
        using TemporaryFolder folder = new();
        GgmlLibraryOptions options = new() { Environment = null, BaseDirectory = folder.Path };
        string message = Assert.Throws<GgmlLibraryException>(() => options.Find()).Message;
        Assert.Contains("CODETUNER_GGML", message);
        if (GgmlLibraryOptions.Package is not null)
            Assert.Contains(Path.Combine(folder.Path, "natives"), message);
    }

    [Fact]
    public void Those_beside_the_program_are_found_before_those_of_npm()
    {
        using TemporaryFolder folder = new();
        string natives = Path.Combine(folder.Path, "natives");
        Directory.CreateDirectory(natives);
        File.WriteAllText(Path.Combine(natives, GgmlLibraryOptions.CoreFile), "");
        Assert.Equal(natives, new GgmlLibraryOptions { Environment = null, BaseDirectory = folder.Path }.Find());
    }

    [GgmlFact]
    public void A_library_that_was_half_written_is_refused()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, GgmlLibraryOptions.CoreFile);
        byte[] whole = File.ReadAllBytes(Path.Combine(TestDevices.Search.Find(), GgmlLibraryOptions.CoreFile));
        File.WriteAllBytes(file, whole[..4000]);
        string message = Assert.Throws<GgmlLibraryException>(() => GgmlLibrary.Open(file, out _)).Message;
        Assert.Contains(file, message);
        Assert.Contains("half-installed", message);
        Assert.Contains("npm ci", message);
    }

    [GgmlFact]
    public void A_library_of_another_release_is_refused()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, GgmlLibraryOptions.CoreFile);
        byte[] bytes = File.ReadAllBytes(Path.Combine(TestDevices.Search.Find(), GgmlLibraryOptions.CoreFile));
        int at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes("0.23.0\0"));
        Assert.True(at >= 0);
        bytes[at + 3] = (byte)'2';
        File.WriteAllBytes(file, bytes);
        string message = Assert.Throws<GgmlLibraryException>(() => GgmlLibrary.Open(file, out _)).Message;
        Assert.Contains("is ggml 0.22.0; this program works with ggml 0.23.0 alone", message);
    }

    [GgmlFact]
    public void A_process_has_one()
    {
        GgmlLibrary.Load(TestDevices.Search);
        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(TestDevices.Search.Find(), GgmlLibraryOptions.CoreFile), Path.Combine(folder.Path, GgmlLibraryOptions.CoreFile));
        Assert.Contains("Restart", Assert.Throws<GgmlLibraryException>(() => GgmlLibrary.Load(new GgmlLibraryOptions { Setting = folder.Path })).Message);
    }
}
