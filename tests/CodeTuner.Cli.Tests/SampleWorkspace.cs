using System.Diagnostics;
using System.Text.Json;
using CodeTuner.Tests;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.Cli.Tests;

/// <summary>A small workspace with a state folder of its own, and options that make a tune short.</summary>
internal sealed class SampleWorkspace : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string? state;

    /// <param name="files">How many files it has.</param>
    /// <param name="state">A state folder that others use too; null takes one of its own.</param>
    public SampleWorkspace(int files = 12, string? state = null)
    {
        this.state = state;
        for (int i = 0; i < files; i++)
            folder.File($"code/orders/part{i}.py", Module(i));
        Directory.CreateDirectory(Root);
    }

    public string Root => Path.Combine(folder.Path, "code");

    public string State => state ?? Path.Combine(folder.Path, "state");

    /// <summary>The folder of the workspace's only state.</summary>
    public string StateOfWorkspace => Directory.GetDirectories(Path.Combine(State, "workspaces")).Single();

    public string[] Tune(params string[] more) =>
        ["tune", Root, "--state", State, "--row", "64", "--batch-rows", "1", "--accumulate", "1", "--threads", "1", "--lines", "2", "--sequences", "16", "--samples", "1", .. more];

    public string File(string name, string text) => folder.File(Path.Combine("code", name), text);

    /// <summary>Waits until a running tune has written so many steps.</summary>
    public void WaitForSteps(Process process, int steps)
    {
        DateTime limit = DateTime.UtcNow.AddMinutes(3);
        while (DateTime.UtcNow < limit && !process.HasExited)
        {
            if (Metrics is { } metrics && System.IO.File.ReadLines(metrics).Count() >= steps)
                return;
            Thread.Sleep(10);
        }

        Assert.Fail("The tune did not get going: " + (process.HasExited ? process.StandardError.ReadToEnd() : "still preparing"));
    }

    /// <summary>The training losses of the only run, step by step.</summary>
    public List<double> Losses() => [.. System.IO.File.ReadLines(Metrics!).Select(line =>
    {
        using JsonDocument step = JsonDocument.Parse(line);
        return step.RootElement.GetProperty("loss").GetDouble();
    })];

    private string? Metrics => Directory.Exists(new RunStore(Root, State).Folder)
        ? Directory.EnumerateFiles(new RunStore(Root, State).Folder, "metrics.jsonl", SearchOption.AllDirectories).SingleOrDefault()
        : null;

    public void Dispose() => folder.Dispose();

    private static string Module(int i) => string.Concat(Enumerable.Range(0, 6).Select(k =>
        $"def order_{i}_{k}(customer_{k}, amount_{i}):\n    \"\"\"Books order {i * k}.\"\"\"\n    total = amount_{i} * {(i * 7) + k} + customer_{k}.discount\n    return total - {k * 13}\n\n"));
}
