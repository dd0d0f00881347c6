using System.Diagnostics;
using System.Text.Json;

namespace CodeTuner.Cli.Tests;

public class TuneTests
{
    [Fact]
    public void A_tune_ends_with_a_measured_verdict_and_can_be_promoted_rolled_back_exported_and_deleted()
    {
        using SampleWorkspace workspace = new();
        (int code, string output, string errors) = Cli.Run(workspace.Tune("--steps", "30", "--json"));
        Assert.True(code == 0, errors);
        using JsonDocument json = JsonDocument.Parse(output); // one object and nothing else
        JsonElement result = json.RootElement;
        string run = result.GetProperty("run").GetString()!;
        Assert.Equal(30, result.GetProperty("steps").GetInt32());
        Assert.True(result.GetProperty("tuned").GetProperty("loss").GetProperty("value").GetDouble() > 0);
        Assert.NotEmpty(result.GetProperty("reason").GetString()!);
        string folder = result.GetProperty("folder").GetString()!;
        foreach (string name in (string[])["recipe.json", "manifest.jsonl", "metrics.jsonl", "report.md", "run.json", "model/model.safetensors", "model/tokenizer.json"])
            Assert.True(File.Exists(Path.Combine(folder, name)), name);
        Assert.Equal(30, File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Count());

        string[] at = ["--workspace", workspace.Root, "--state", workspace.State];
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
        Assert.Equal(0, Cli.Run(undisturbed.Tune("--steps", "24", "--evaluate-every", "4", "--patience", "99")).Code);
        using (Process process = Cli.Start(killed.Tune("--steps", "24", "--evaluate-every", "4", "--patience", "99")))
        {
            WaitForSteps(killed, process, 10);
            Cli.Signal(process, "KILL");
            process.WaitForExit();
            Assert.NotEqual(0, process.ExitCode);
        }

        (int code, _, string errors) = Cli.Run("tune", killed.Root, "--state", killed.State, "--threads", "1", "--resume");
        Assert.True(code == 0, errors);
        Assert.Equal(Losses(undisturbed), Losses(killed));
        Assert.Equal(24, Losses(killed).Count);
    }

    [Fact]
    public void Ctrl_c_stops_at_a_step_with_everything_saved()
    {
        using SampleWorkspace workspace = new();
        using Process process = Cli.Start(workspace.Tune("--steps", "100000", "--evaluate-every", "50000"));
        WaitForSteps(workspace, process, 3);
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
    public void Two_tunes_of_one_workspace_do_not_meet()
    {
        using SampleWorkspace workspace = new();
        using Process first = Cli.Start(workspace.Tune("--steps", "100000"));
        WaitForSteps(workspace, first, 1);
        (int code, _, string errors) = Cli.Run(workspace.Tune("--steps", "1"));
        Assert.Equal(1, code);
        Assert.Contains("tuned by another process", errors, StringComparison.Ordinal);
        Cli.Signal(first, "KILL");
        first.WaitForExit();

        // The lock dies with its process.
        (code, _, errors) = Cli.Run("runs", "list", "--workspace", workspace.Root, "--state", workspace.State);
        Assert.True(code == 0, errors);
    }

    [Theory]
    [InlineData(null, "no code to learn from")]
    [InlineData("x = 1\n", "too little code")]
    public void Too_little_code_is_said(string? text, string says)
    {
        using SampleWorkspace workspace = new(0);
        if (text is not null)
            workspace.File("only.py", text);
        (int code, string output, string errors) = Cli.Run(workspace.Tune());
        Assert.Equal(1, code);
        Assert.Contains(says, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", output, StringComparison.Ordinal);
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

    private static void WaitForSteps(SampleWorkspace workspace, Process process, int steps)
    {
        DateTime limit = DateTime.UtcNow.AddMinutes(3);
        while (DateTime.UtcNow < limit && !process.HasExited)
        {
            if (Directory.Exists(Path.Combine(workspace.State, "workspaces")))
            {
                string? metrics = Directory.EnumerateFiles(workspace.State, "metrics.jsonl", SearchOption.AllDirectories).FirstOrDefault();
                if (metrics is not null && File.ReadLines(metrics).Count() >= steps)
                    return;
            }

            Thread.Sleep(10);
        }

        Assert.Fail("The tune did not get going: " + (process.HasExited ? process.StandardError.ReadToEnd() : "still preparing"));
    }

    private static List<double> Losses(SampleWorkspace workspace)
    {
        string metrics = Directory.EnumerateFiles(workspace.State, "metrics.jsonl", SearchOption.AllDirectories).Single();
        return [.. File.ReadLines(metrics).Select(line =>
        {
            using JsonDocument step = JsonDocument.Parse(line);
            return step.RootElement.GetProperty("loss").GetDouble();
        })];
    }
}
