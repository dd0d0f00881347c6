using System.Diagnostics;
using CodeTuner.Tests;

namespace CodeTuner.Cli.Tests;

/// <summary>A tune on a card, by way of Mesa's Vulkan driver for the processor.</summary>
public class DeviceTuneTests
{
    private static readonly string[] Mesa = ["env", "GGML_VK_VISIBLE_DEVICES=0", "VK_LOADER_DRIVERS_SELECT=*lvp*"];

    [CardFact]
    public void A_card_tunes_and_the_processor_goes_on_where_it_was_lost()
    {
        using SampleWorkspace workspace = new();
        string[] tune = workspace.Tune("--device", "Vulkan0", "--steps", "4", "--evaluate-every", "1", "--patience", "99", "--canaries", "0");
        using (Process process = Cli.StartThrough(Mesa, tune))
        {
            workspace.WaitForSteps(process, 2);
            Cli.Signal(process, "KILL");
            process.WaitForExit();
        }

        List<double> before = workspace.Losses();
        (int code, _, string errors) = Cli.Run("tune", workspace.Root, "--state", workspace.State, "--threads", "1", "--resume", "--device", "cpu");
        Assert.True(code == 0, errors);
        List<double> all = workspace.Losses();
        Assert.Equal(4, all.Count);
        // The same weights and rows, summed in another order.
        for (int i = 0; i < Math.Min(before.Count, all.Count); i++)
            Assert.InRange(all[i], before[i] - 0.02, before[i] + 0.02);
    }

    [CardFact]
    public void The_doctor_lists_it_and_a_completion_can_use_it()
    {
        (_, string output, _) = Cli.RunThrough(Mesa, "doctor");
        Assert.Contains("Vulkan0 (llvmpipe", output, StringComparison.Ordinal);
        using TemporaryFolder folder = new();
        string cases = folder.File("cases.jsonl", """{"path":"a.py","prefix":"def add(a, b):\n    return ","suffix":"\n"}""");
        string[] complete = ["complete", "--cases", cases, "--checkpoint", "base", "--state", folder.Path, "--device"];
        Assert.Equal(Text(Cli.Run([.. complete, "cpu"])), Text(Cli.RunThrough(Mesa, [.. complete, "vulkan0"])));
    }

    [Fact]
    public void A_card_that_is_not_there_is_refused()
    {
        using SampleWorkspace workspace = new();
        (int code, _, string errors) = Cli.Run(workspace.Tune("--device", "Vulkan9"));
        Assert.Equal(1, code);
        Assert.Contains("no device Vulkan9", errors, StringComparison.Ordinal);
        Assert.Equal(2, Cli.Run(workspace.Tune("--gpu-memory", "0")).Code);
    }

    private static string Text((int Code, string Output, string Errors) result)
    {
        Assert.True(result.Code == 0, result.Errors);
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(result.Output);
        return json.RootElement.GetProperty("text").GetString()!;
    }
}
