using System.Diagnostics;
using CodeTuner.Tests;

namespace CodeTuner.Cli.Tests;

/// <summary>A graphics card that goes away, falls silent, is full or is in use while a tune wants it: real processes on a driver that fails.</summary>
public sealed class CardFaultTests : IDisposable
{
    private const int Steps = 100;
    private readonly TemporaryFolder folder = new();
    private readonly List<SampleWorkspace> workspaces = [];

    [CardFact]
    public void After_a_card_that_ended_the_process_the_processor_goes_on_from_the_last_checkpoint()
    {
        SampleWorkspace workspace = Begun();
        (int code, _, string errors) = Cli.RunThrough(FaultyDriver.Through("FAULTY_LOSE_AFTER=30"), Resume(workspace));
        Assert.Equal(1, code);
        Assert.Contains("was lost while it computed", errors, StringComparison.Ordinal);
        Assert.Contains("tune --resume", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("terminate", errors, StringComparison.Ordinal);
        List<double> before = workspace.Losses();

        (code, _, errors) = Cli.RunThrough(FaultyDriver.Through(), Resume(workspace));
        Assert.True(code == 0, errors);
        Assert.Contains("Vulkan0 (Faulty Card) was computing when a process ended unexpectedly", errors, StringComparison.Ordinal);
        Assert.Contains("--device", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Computing on", errors, StringComparison.Ordinal);
        List<double> all = workspace.Losses();
        Assert.Equal(Steps, all.Count);
        Assert.InRange(before.Count, 1, Steps - 1);

        // Said once: the next command may use the card again.
        using Process next = Cli.StartThrough(FaultyDriver.Through(), workspace.Tune());
        Assert.StartsWith("Computing on Vulkan0 (Faulty Card)", next.StandardError.ReadLine(), StringComparison.Ordinal);
        next.Kill();
        next.WaitForExit();
    }

    [CardFact]
    public void A_card_that_falls_silent_ends_the_command()
    {
        SampleWorkspace workspace = Begun();
        (int code, string output, string errors) = Cli.RunThrough(
            FaultyDriver.Through("FAULTY_HANG_AFTER=8", "CODETUNER_CARD_PATIENCE=10"), [.. Resume(workspace), "--json"]);
        Assert.Equal(1, code);
        Assert.Contains("Vulkan0 (Faulty Card) does not answer any more", errors, StringComparison.Ordinal);
        Assert.Contains("\"error\"", output, StringComparison.Ordinal);
        (_, _, errors) = Cli.RunThrough(FaultyDriver.Through(), Resume(workspace));
        Assert.Contains("was computing when a process ended unexpectedly", errors, StringComparison.Ordinal);
        Assert.Equal(Steps, workspace.Losses().Count);
    }

    [CardTheory]
    [InlineData("weights", "FAULTY_MEMORY=1000000", "100")]
    [InlineData("a step's inner values", "FAULTY_MEMORY=20000000", "100")]
    [InlineData("what the driver needs beside a step", "FAULTY_MEMORY=28000000", "100")]
    [InlineData("a later step", "FAULTY_MEMORY=50000000", "100")]
    [InlineData("what the user allows", "FAULTY_MEMORY=40000000", "10")]
    public void A_card_that_is_full_says_what_to_lower_and_loses_nothing(string phase, string memory, string percent)
    {
        SampleWorkspace workspace = Begun();
        int before = workspace.Losses().Count;
        (int code, _, string errors) = Cli.RunThrough(FaultyDriver.Through(memory), [.. Resume(workspace), "--device", "Vulkan0", "--gpu-memory", percent]);
        Assert.True(code == 1, phase);
        Assert.True(errors.Contains("Vulkan0 (Faulty Card) has no room for", StringComparison.Ordinal), errors);
        foreach (string advice in (string[])["--batch-rows", "--gpu-memory", "tune --resume", "--device cpu"])
            Assert.Contains(advice, errors, StringComparison.Ordinal);
        (code, _, errors) = Cli.Run([.. Resume(workspace), "--device", "cpu"]);
        Assert.True(code == 0, errors);
        Assert.InRange(before, 5, Steps);
        Assert.Equal(Steps, workspace.Losses().Count);
    }

    [CardFact]
    public void A_card_without_room_to_measure_says_so_and_the_processor_measures()
    {
        SampleWorkspace workspace = Begun();
        (int code, _, string errors) = Cli.Run([.. Resume(workspace), "--device", "cpu"]);
        Assert.True(code == 0, errors);
        string[] evaluate = ["evaluate", workspace.Root, "--state", workspace.State, "--threads", "1", "--device"];
        (code, _, errors) = Cli.RunThrough(FaultyDriver.Through("FAULTY_MEMORY=1000000"), [.. evaluate, "Vulkan0"]);
        Assert.Equal(1, code);
        Assert.Contains("Vulkan0 (Faulty Card) has no room for", errors, StringComparison.Ordinal);
        (code, _, errors) = Cli.RunThrough(FaultyDriver.Through("FAULTY_MEMORY=1000000"), [.. evaluate, "cpu"]);
        Assert.True(code == 0, errors);
    }

    [CardFact]
    public void Of_two_tunes_the_second_waits_for_the_first()
    {
        SampleWorkspace one = Begun(), two = Begun();
        using Process first = Cli.StartThrough(FaultyDriver.Through(), Resume(one));
        Assert.StartsWith("Computing on Vulkan0", first.StandardError.ReadLine(), StringComparison.Ordinal);
        using Process second = Cli.StartThrough(FaultyDriver.Through(), Resume(two));
        Assert.StartsWith($"Vulkan0 (Faulty Card) is used by the tune of {one.Root} (process ", second.StandardError.ReadLine(), StringComparison.Ordinal);
        int before = two.Losses().Count;
        Stop(first);
        Assert.StartsWith("Computing on Vulkan0", second.StandardError.ReadLine(), StringComparison.Ordinal);
        two.WaitForSteps(second, before + 1);
        Stop(second);
    }

    [CardFact]
    public void Who_waits_for_a_card_can_be_stopped()
    {
        SampleWorkspace one = Begun(), two = Begun();
        using Process first = Cli.StartThrough(FaultyDriver.Through(), Resume(one));
        Assert.StartsWith("Computing on Vulkan0", first.StandardError.ReadLine(), StringComparison.Ordinal);
        using Process second = Cli.StartThrough(FaultyDriver.Through(), Resume(two));
        Assert.Contains("waits", second.StandardError.ReadLine(), StringComparison.Ordinal);
        Stop(second);
        // Its place is free where its process dies, too.
        first.Kill();
        first.WaitForExit();
        (int code, _, string errors) = Cli.RunThrough(FaultyDriver.Through(), Resume(two));
        Assert.True(code == 0, errors);
    }

    public void Dispose()
    {
        workspaces.ForEach(workspace => workspace.Dispose());
        folder.Dispose();
    }

    // A run that the processor has begun: only the part that matters is done on the card.
    private SampleWorkspace Begun()
    {
        string model = TinyModel.Write(Path.Combine(folder.Path, "model"));
        SampleWorkspace workspace = new(4, Path.Combine(folder.Path, "state"));
        workspaces.Add(workspace);
        using Process process = Cli.Start(
            "tune", workspace.Root, "--state", workspace.State, "--model", model, "--device", "cpu", "--threads", "1", "--row", "64", "--batch-rows", "1",
            "--accumulate", "1", "--steps", $"{Steps}", "--evaluate-every", "5", "--patience", "99", "--lines", "0", "--sequences", "4", "--samples", "1", "--canaries", "0");
        workspace.WaitForSteps(process, 5);
        Stop(process);
        return workspace;
    }

    private static void Stop(Process process)
    {
        Cli.Signal(process, "INT");
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 130, errors);
    }

    private static string[] Resume(SampleWorkspace workspace) => ["tune", workspace.Root, "--state", workspace.State, "--threads", "1", "--resume"];
}
