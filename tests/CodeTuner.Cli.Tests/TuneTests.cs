using System.Diagnostics;
using System.Text.Json;

namespace CodeTuner.Cli.Tests;

public class TuneTests
{
    [Fact]
    public void A_tune_ends_with_a_measured_verdict_and_can_be_promoted_rolled_back_exported_and_deleted()
    {
        using SampleWorkspace workspace = new();
        (int code, string output, string errors) = Cli.Run(workspace.Tune("--steps", "20", "--json"));
        Assert.True(code == 0, errors);
        using JsonDocument json = JsonDocument.Parse(output); // one object and nothing else
        JsonElement result = json.RootElement;
        string run = result.GetProperty("run").GetString()!;
        Assert.Equal(20, result.GetProperty("steps").GetInt32());
        Assert.True(result.GetProperty("tuned").GetProperty("loss").GetProperty("value").GetDouble() > 0);
        Assert.NotEmpty(result.GetProperty("reason").GetString()!);
        string folder = result.GetProperty("folder").GetString()!;
        foreach (string name in (string[])["recipe.json", "manifest.jsonl", "metrics.jsonl", "report.md", "run.json", "model/model.safetensors", "model/tokenizer.json"])
            Assert.True(File.Exists(Path.Combine(folder, name)), name);
        Assert.Equal(20, File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Count());

        Assert.Equal(3, result.GetProperty("canaries").GetArrayLength());
        Assert.All(result.GetProperty("canaries").EnumerateArray(), c => Assert.True(c.GetProperty("times").GetInt32() > 0));
        string[] at = ["--workspace", workspace.Root, "--state", workspace.State];
        Assert.Contains("Made-up secrets", Cli.Run(["runs", "show", run, .. at]).Output, StringComparison.Ordinal);
        Assert.Contains("\"exposure\":", Cli.Run(["runs", "show", run, "--json", .. at]).Output, StringComparison.Ordinal);
        Assert.Equal(0, Cli.Run(["runs", "promote", run, .. at]).Code);
        Assert.Contains("yes", Cli.Run(["runs", "list", .. at]).Output, StringComparison.Ordinal);
        Assert.Equal(1, Cli.Run(["runs", "delete", run, .. at]).Code);
        Assert.Contains("base model", Cli.Run(["runs", "rollback", .. at]).Output, StringComparison.Ordinal);
        Assert.Equal(1, Cli.Run(["runs", "rollback", .. at]).Code);
        string exported = Path.Combine(workspace.State, "exported");
        Assert.Equal(0, Cli.Run(["runs", "export", run, exported, .. at]).Code);
        Assert.Equal(0, Cli.Run("models", "verify", exported).Code);
        Assert.Equal(0, Cli.Run(["runs", "delete", run, .. at]).Code);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void A_killed_tune_resumes_with_the_same_losses()
    {
        using SampleWorkspace undisturbed = new(), killed = new();
        Assert.Equal(0, Cli.Run(undisturbed.Tune("--steps", "12", "--evaluate-every", "4", "--patience", "99")).Code);
        using (Process process = Cli.Start(killed.Tune("--steps", "12", "--evaluate-every", "4", "--patience", "99")))
        {
            killed.WaitForSteps(process, 6);
            Cli.Signal(process, "KILL");
            process.WaitForExit();
            Assert.NotEqual(0, process.ExitCode);
        }

        (int code, _, string errors) = Cli.Run("tune", killed.Root, "--state", killed.State, "--threads", "1", "--resume");
        Assert.True(code == 0, errors);
        Assert.Equal(undisturbed.Losses(), killed.Losses());
        Assert.Equal(12, killed.Losses().Count);
    }

    [Fact]
    public void Ctrl_c_stops_at_a_step_with_everything_saved()
    {
        using SampleWorkspace workspace = new();
        using Process process = Cli.Start(workspace.Tune("--steps", "100000", "--evaluate-every", "50000"));
        workspace.WaitForSteps(process, 3);
        Cli.Signal(process, "INT");
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("--resume", errors, StringComparison.Ordinal);
        string run = Directory.GetDirectories(Path.Combine(workspace.StateOfWorkspace, "runs")).Single();
        Assert.True(File.Exists(Path.Combine(run, "checkpoints", "last.safetensors")));
        Assert.Contains("Stopped", File.ReadAllText(Path.Combine(run, "run.json")), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_tune_that_is_slower_than_its_minutes_allow_ends_there_and_is_measured()
    {
        using SampleWorkspace workspace = new();
        (int code, string output, string errors) = Cli.Run(workspace.Tune("--steps", "100000", "--minutes", "0.01", "--json"));
        Assert.True(code == 0, errors);
        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement result = json.RootElement;
        int steps = result.GetProperty("steps").GetInt32();
        Assert.InRange(steps, 1, 99_999);
        Assert.Contains($"after {steps:N0} of 100,000 steps: the time that it may take, 0.01 min", result.GetProperty("ended").GetString(), StringComparison.Ordinal);
        Assert.True(result.GetProperty("tuned").GetProperty("loss").GetProperty("value").GetDouble() > 0);
        string report = File.ReadAllText(Path.Combine(result.GetProperty("folder").GetString()!, "report.md"));
        Assert.Contains(result.GetProperty("ended").GetString()!, report, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_tunes_of_one_workspace_do_not_meet()
    {
        using SampleWorkspace workspace = new();
        using Process first = Cli.Start(workspace.Tune("--steps", "100000"));
        workspace.WaitForSteps(first, 1);
        (int code, _, string errors) = Cli.Run(workspace.Tune("--steps", "1"));
        Assert.Equal(1, code);
        Assert.Contains("tuned by another process", errors, StringComparison.Ordinal);
        Cli.Signal(first, "KILL");
        first.WaitForExit();

        // The lock dies with its process.
        (code, _, errors) = Cli.Run("runs", "list", "--workspace", workspace.Root, "--state", workspace.State);
        Assert.True(code == 0, errors);
    }

    [Fact]
    public void There_is_nothing_to_resume_at_first()
    {
        using SampleWorkspace workspace = new();
        (int code, _, string errors) = Cli.Run(workspace.Tune("--resume"));
        Assert.Equal(1, code);
        Assert.Contains("no unfinished run", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_cannot_fit_is_refused_before_anything_is_loaded()
    {
        using SampleWorkspace workspace = new();
        (int code, _, string errors) = Cli.Run("tune", workspace.Root, "--state", workspace.State, "--row", "1024", "--batch-rows", "1024");
        Assert.Equal(1, code);
        Assert.Contains("GiB", errors, StringComparison.Ordinal);
    }
}
