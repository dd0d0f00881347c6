using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;
using CodeTuner.Tests;

namespace CodeTuner.Cli.Tests;

/// <summary>A disk that fills while a tune runs.</summary>
[UnsupportedOSPlatform("windows")]
public class FullDiskTests
{
    private const int Steps = 150, Every = 10;

    [SmallDiskFact]
    public void The_last_checkpoint_still_resumes_once_there_is_space_again()
    {
        using SampleWorkspace workspace = new();
        Directory.CreateDirectory(workspace.State);
        using IDisposable disk = SmallDisk.Mount(workspace.State);
        using Process process = Cli.Start(workspace.Tune(
            "--method", "lora", "--rank", "2", "--steps", $"{Steps}", "--evaluate-every", $"{Every}", "--patience", "99"));
        string filler = Path.Combine(workspace.State, "filler");
        workspace.WaitForSteps(process, Every + 1);
        SmallDisk.Fill(filler);
        string errors = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(60_000));
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("could not be written", errors, StringComparison.Ordinal);
        Assert.Contains("Free some space", errors, StringComparison.Ordinal);
        Assert.Contains(workspace.State, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        List<double> before = workspace.Losses();

        File.Delete(filler);
        (int code, string output, errors) = Cli.Run("tune", workspace.Root, "--state", workspace.State, "--threads", "1", "--resume", "--json");
        Assert.True(code == 0, errors);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal(Steps, json.RootElement.GetProperty("steps").GetInt32());
        List<double> all = workspace.Losses();
        Assert.Equal(Steps, all.Count);
        Assert.InRange(before.Count, Every, Steps - 1);
        Assert.Equal(before, all[..before.Count]); // what was done again came out the same
    }

    [SmallDiskFact]
    public void A_disk_that_is_full_at_the_start_is_said()
    {
        using SampleWorkspace workspace = new();
        Directory.CreateDirectory(workspace.State);
        using IDisposable disk = SmallDisk.Mount(workspace.State);
        SmallDisk.Fill(Path.Combine(workspace.State, "filler"));
        (int code, _, string errors) = Cli.Run(workspace.Tune("--steps", "1"));
        Assert.Equal(1, code);
        Assert.Contains(workspace.State, errors, StringComparison.Ordinal);
        Assert.Contains("space", errors, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_leaves_the_one_before()
    {
        using SampleWorkspace workspace = new();
        using (Process process = Cli.Start(workspace.Tune(
            "--method", "lora", "--rank", "2", "--steps", "24", "--evaluate-every", "8", "--patience", "99")))
        {
            workspace.WaitForSteps(process, 9);
            Cli.Signal(process, "KILL");
            process.WaitForExit();
        }

        string checkpoint = Directory.EnumerateFiles(workspace.State, "last.safetensors", SearchOption.AllDirectories).Single();
        byte[] before = File.ReadAllBytes(checkpoint);
        string[] resume = ["tune", workspace.Root, "--state", workspace.State, "--threads", "1", "--resume"];
        (int code, _, string errors) = Cli.RunThrough(OnlySmallFiles, resume);
        Assert.Equal(1, code);
        Assert.Contains(".safetensors could not be written", errors, StringComparison.Ordinal);
        Assert.Contains("What was there before is unchanged", errors, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(checkpoint));

        (code, _, errors) = Cli.Run(resume);
        Assert.True(code == 0, errors);
        Assert.Equal(24, workspace.Losses().Count);
        (_, string runs, _) = Cli.Run("runs", "list", "--json", "--workspace", workspace.Root, "--state", workspace.State);
        Assert.DoesNotContain("could not be written", runs, StringComparison.Ordinal); // what went wrong before is over
    }

    // No file may grow beyond 128 blocks of 512 bytes: a checkpoint does. The runtime's own memory files would too, hence its setting.
    private static string[] OnlySmallFiles =>
        ["sh", "-c", "trap '' XFSZ; ulimit -f 128; DOTNET_EnableWriteXorExecute=0 exec \"$@\"", "sh"];
}
