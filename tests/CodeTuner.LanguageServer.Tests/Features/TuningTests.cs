using System.Text.Json;
using CodeTuner.Tests;

namespace CodeTuner.LanguageServer.Tests.Features;

public class TuningTests
{
    [Fact]
    public async Task TunesShowsWhatCameOfItAndLetsTheUserChoose()
    {
        await using OpenWorkspace workspace = await OpenWorkspace.OpenAsync();
        TestClient client = workspace.Client;
        JsonElement status = (await client.CallAsync("codetuner/status")).GetProperty("folders")[0];
        Assert.Equal(("code", true, false), (status.GetProperty("name").GetString(), status.GetProperty("trusted").GetBoolean(), status.GetProperty("canResume").GetBoolean()));

        JsonElement started = await client.CallAsync("codetuner/tune", """{"minutes":0.03}""");
        Assert.Equal("scanning", started.GetProperty("tune").GetProperty("phase").GetString());
        Assert.Contains("already", await client.RefusalAsync("codetuner/tune"), StringComparison.Ordinal);
        JsonElement training = (await workspace.StatusAsync(s => s.TryGetProperty("tune", out JsonElement t) && t.TryGetProperty("step", out _))).GetProperty("tune");
        Assert.InRange(training.GetProperty("progress").GetDouble(), 0.05, 1);
        Assert.True(training.GetProperty("totalSteps").GetInt32() > 0);
        Assert.True(training.GetProperty("secondsLeft").GetDouble() > 0);
        JsonElement last = (await workspace.StatusAsync(s => s.TryGetProperty("last", out _))).GetProperty("last");
        Assert.Contains(last.GetProperty("outcome").GetString(), (string[])["promoted", "noGain"]);
        string run = last.GetProperty("run").GetString()!;

        JsonElement list = await client.CallAsync("codetuner/runs");
        JsonElement summary = Assert.Single(list.GetProperty("runs").EnumerateArray());
        Assert.Equal(("done", true), (summary.GetProperty("status").GetString(), summary.GetProperty("hasModel").GetBoolean()));
        JsonElement details = await client.CallAsync("codetuner/run", $$"""{"run":"{{run}}"}""");
        Assert.NotEmpty(details.GetProperty("curve").EnumerateArray());
        Assert.Equal(12, details.GetProperty("files").GetProperty("kept").GetInt32());
        Assert.Equal(7, details.GetProperty("measures").GetArrayLength());
        Assert.NotEmpty(details.GetProperty("spots").EnumerateArray());

        JsonElement promoted = await client.CallAsync("codetuner/promote", $$"""{"run":"{{run}}"}""");
        Assert.Equal((run, true), (promoted.GetProperty("run").GetString(), promoted.GetProperty("hasPrevious").GetBoolean()));
        Assert.Contains("in use", await client.RefusalAsync("codetuner/deleteRun", $$"""{"run":"{{run}}"}"""), StringComparison.Ordinal);
        string target = Path.Combine(workspace.State, "exported");
        await client.CallAsync("codetuner/exportRun", $$"""{"run":"{{run}}","target":{{JsonSerializer.Serialize(target)}}}""");
        Assert.True(File.Exists(Path.Combine(target, "model.safetensors")));
        Assert.Contains("not empty", await client.RefusalAsync("codetuner/exportRun", $$"""{"run":"{{run}}","target":{{JsonSerializer.Serialize(target)}}}"""), StringComparison.Ordinal);
        JsonElement back = await client.CallAsync("codetuner/rollback");
        Assert.Contains(back.GetProperty("serving").GetString(), (string[])["base", "loading"]);
        Assert.Contains("no earlier", await client.RefusalAsync("codetuner/rollback"), StringComparison.Ordinal);
        Assert.Empty((await client.CallAsync("codetuner/deleteRun", $$"""{"run":"{{run}}"}""")).GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task StopsWithEverythingSavedAndGoesOn()
    {
        await using OpenWorkspace workspace = await OpenWorkspace.OpenAsync();
        await workspace.Client.CallAsync("codetuner/tune", """{"minutes":5}""");
        await workspace.StatusAsync(IsTraining);
        JsonElement stopped = await workspace.Client.CallAsync("codetuner/cancelTune");
        Assert.Equal("stopped", stopped.GetProperty("last").GetProperty("outcome").GetString());
        Assert.True(stopped.GetProperty("canResume").GetBoolean());
        Assert.False(stopped.TryGetProperty("tune", out _));
        JsonElement resumed = await workspace.Client.CallAsync("codetuner/tune", """{"resume":true}""");
        Assert.True(resumed.TryGetProperty("tune", out _));
        JsonElement step = await workspace.StatusAsync(IsTraining);
        Assert.True(step.GetProperty("tune").GetProperty("step").GetInt32() > 1);
        await workspace.Client.CallAsync("codetuner/cancelTune");
    }

    [Fact]
    public async Task PausesAtAStepAndGoesOn()
    {
        await using OpenWorkspace workspace = await OpenWorkspace.OpenAsync();
        Assert.Contains("not being tuned", await workspace.Client.RefusalAsync("codetuner/pauseTune", """{"paused":true}"""), StringComparison.Ordinal);
        await workspace.Client.CallAsync("codetuner/tune", """{"minutes":5}""");
        await workspace.StatusAsync(IsTraining);
        JsonElement paused = await workspace.Client.CallAsync("codetuner/pauseTune", """{"paused":true}""");
        Assert.True(paused.GetProperty("tune").GetProperty("paused").GetBoolean());
        // The step that was under way ends; a step of this workspace takes some hundredths of a second.
        int before, after = await StepAsync(workspace), looks = 0;
        do
        {
            before = after;
            await Task.Delay(1000);
            after = await StepAsync(workspace);
        }
        while (before != after && looks++ < 20);
        Assert.Equal(before, after);
        await workspace.Client.CallAsync("codetuner/pauseTune", """{"paused":false}""");
        await workspace.StatusAsync(s => s.TryGetProperty("tune", out JsonElement t) && t.TryGetProperty("step", out JsonElement step) && step.GetInt32() > after);
        // A paused tune can be stopped too.
        await workspace.Client.CallAsync("codetuner/pauseTune", """{"paused":true}""");
        Assert.Equal("stopped", (await workspace.Client.CallAsync("codetuner/cancelTune")).GetProperty("last").GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task WithoutTrustNothingIsLearned()
    {
        await using OpenWorkspace workspace = await OpenWorkspace.OpenAsync(options: ",\"trusted\":false");
        Assert.Contains("not trusted", await workspace.Client.RefusalAsync("codetuner/tune"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.State));
        await workspace.Client.NotifyAsync("codetuner/didGrantTrust", "{}");
        Assert.True((await workspace.StatusAsync(s => s.GetProperty("trusted").GetBoolean())).GetProperty("trusted").GetBoolean());
        await workspace.Client.CallAsync("codetuner/tune", """{"minutes":5}""");
        await workspace.Client.CallAsync("codetuner/cancelTune");
    }

    [Fact]
    public async Task TwoWindowsOnOneWorkspaceDoNotTuneItAtOnce()
    {
        using TemporaryFolder folder = OpenWorkspace.CreateFolder();
        await using OpenWorkspace first = await OpenWorkspace.OpenAsync(folder);
        await using OpenWorkspace second = await OpenWorkspace.OpenAsync(folder);
        await first.Client.CallAsync("codetuner/tune", """{"minutes":5}""");
        await first.StatusAsync(IsTraining);
        JsonElement end = (await second.TuneAsync()).GetProperty("last");
        Assert.Equal("failed", end.GetProperty("outcome").GetString());
        Assert.Contains("another process", end.GetProperty("message").GetString(), StringComparison.Ordinal);
        await first.Client.CallAsync("codetuner/cancelTune");
    }

    [Fact]
    public async Task APromotionInOneWindowServesTheOther()
    {
        using TemporaryFolder folder = OpenWorkspace.CreateFolder();
        await using OpenWorkspace first = await OpenWorkspace.OpenAsync(folder);
        await using OpenWorkspace second = await OpenWorkspace.OpenAsync(folder);
        string run = (await first.TuneAsync()).GetProperty("last").GetProperty("run").GetString()!;
        await first.Client.CallAsync("codetuner/promote", $$"""{"run":"{{run}}"}""");
        JsonElement status = (await second.Client.CallAsync("codetuner/status")).GetProperty("folders")[0];
        Assert.Equal(run, status.GetProperty("run").GetString());
    }

    [Theory]
    [InlineData("""{"minutes":0}""", "minutes")]
    [InlineData("""{"minutes":-1}""", "minutes")]
    [InlineData("""{"folder":"file:///elsewhere"}""", "not open")]
    public async Task RefusesWhatCannotBeTuned(string parameters, string message)
    {
        await using OpenWorkspace workspace = await OpenWorkspace.OpenAsync();
        Assert.Contains(message, await workspace.Client.RefusalAsync("codetuner/tune", parameters), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysWhatIsWrongWithAFolderThatCannotBeLearned()
    {
        using TemporaryFolder folder = OpenWorkspace.CreateFolder(files: 0);
        await using OpenWorkspace workspace = await OpenWorkspace.OpenAsync(folder);
        JsonElement end = (await workspace.TuneAsync()).GetProperty("last");
        Assert.Equal("failed", end.GetProperty("outcome").GetString());
        Assert.NotEmpty(end.GetProperty("message").GetString()!);
        JsonElement list = await workspace.Client.CallAsync("codetuner/runs");
        Assert.Equal("failed", list.GetProperty("runs")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task TunesByItselfOnlyWhereAllowedWhileTheUserIsIdleAndOnMains()
    {
        await using OpenWorkspace workspace = await OpenWorkspace.OpenAsync();
        await workspace.Client.NotifyAsync("codetuner/userIsIdle", """{"idle":true,"onBattery":false}""");
        await AssertRestsAsync(workspace); // the setting is off
        await workspace.Client.NotifyAsync(
            "workspace/didChangeConfiguration", """{"settings":{"codetuner":{"tune":{"automatic":true,"minutes":0.03,"rowLength":64,"batchSize":1}}}}""");
        await workspace.Client.NotifyAsync("codetuner/userIsIdle", """{"idle":true,"onBattery":true}""");
        await AssertRestsAsync(workspace);
        await workspace.Client.NotifyAsync("codetuner/userIsIdle", """{"idle":false,"onBattery":false}""");
        await AssertRestsAsync(workspace);
        await workspace.Client.NotifyAsync("codetuner/userIsIdle", """{"idle":true,"onBattery":false}""");
        JsonElement end = (await workspace.StatusAsync(s => s.TryGetProperty("last", out _))).GetProperty("last");
        Assert.NotEqual("failed", end.GetProperty("outcome").GetString());

        // Nothing has changed since: it does not tune again, until enough has.
        await workspace.Client.NotifyAsync("codetuner/userIsIdle", """{"idle":true}""");
        await AssertRestsAsync(workspace);
        foreach (string file in Directory.GetFiles(workspace.Root, "*.py", SearchOption.AllDirectories).Take(6))
            await File.AppendAllTextAsync(file, "\n# changed\n");
        await workspace.Client.NotifyAsync("codetuner/userIsIdle", """{"idle":true}""");
        await workspace.StatusAsync(s => s.TryGetProperty("tune", out _));
        await workspace.Client.CallAsync("codetuner/cancelTune");
    }

    [SmallDiskFact]
    public async Task AFullDiskEndsATuneWithAClearMessageAndCompletionGoesOn()
    {
        using TemporaryFolder folder = OpenWorkspace.CreateFolder();
        string state = Directory.CreateDirectory(Path.Combine(folder.Path, "state")).FullName;
        using IDisposable disk = SmallDisk.Mount(state);
        SmallDisk.Fill(Path.Combine(state, "filler"));
        await using OpenWorkspace workspace = await OpenWorkspace.OpenAsync(folder);
        JsonElement end = (await workspace.TuneAsync()).GetProperty("last");
        Assert.Equal("failed", end.GetProperty("outcome").GetString());
        Assert.Contains("space", end.GetProperty("message").GetString(), StringComparison.OrdinalIgnoreCase);
        string uri = await workspace.OpenDocumentAsync("orders/new.py", "def total(left, right):\n    return ");
        await workspace.Client.CallAsync("textDocument/inlineCompletion", $$"""{"textDocument":{"uri":"{{uri}}"},"position":{"line":1,"character":11},"context":{"triggerKind":1} }""");
    }

    [Fact]
    public async Task ATuneOutlivesTheServersDeath()
    {
        using TemporaryFolder folder = OpenWorkspace.CreateFolder();
        using ServerProcess first = ServerProcess.Start();
        OpenWorkspace workspace = await OpenWorkspace.OpenAsync(folder, start: () => first.Client);
        await workspace.Client.CallAsync("codetuner/tune", """{"minutes":5}""");
        await workspace.StatusAsync(s => IsTraining(s) && s.GetProperty("tune").TryGetProperty("heldOutLoss", out _));
        first.Kill();

        using ServerProcess second = ServerProcess.Start();
        OpenWorkspace again = await OpenWorkspace.OpenAsync(folder, start: () => second.Client);
        JsonElement resumed = await again.StatusAsync(IsTraining);
        Assert.True(resumed.GetProperty("tune").GetProperty("step").GetInt32() > 1);

        // The window is closed: the next one goes on by itself too.
        await again.Client.RequestAsync("shutdown");
        await again.Client.SendAsync("""{"jsonrpc":"2.0","method":"exit"}""");
        Assert.Equal(0, await second.ExitCodeAsync());
        using ServerProcess third = ServerProcess.Start();
        OpenWorkspace last = await OpenWorkspace.OpenAsync(folder, start: () => third.Client);
        await last.StatusAsync(IsTraining);

        // But not after the user stopped it.
        await last.Client.CallAsync("codetuner/cancelTune");
        third.Kill();
        using ServerProcess fourth = ServerProcess.Start();
        OpenWorkspace stopped = await OpenWorkspace.OpenAsync(folder, start: () => fourth.Client);
        await Task.Delay(1000);
        JsonElement status = (await stopped.Client.CallAsync("codetuner/status")).GetProperty("folders")[0];
        Assert.False(status.TryGetProperty("tune", out _));
        Assert.True(status.GetProperty("canResume").GetBoolean());
    }

    private static async Task AssertRestsAsync(OpenWorkspace workspace)
    {
        await Task.Delay(400);
        Assert.False((await workspace.Client.CallAsync("codetuner/status")).GetProperty("folders")[0].TryGetProperty("tune", out _));
    }

    private static bool IsTraining(JsonElement status) =>
        status.TryGetProperty("tune", out JsonElement tune) && tune.TryGetProperty("step", out _);

    private static async Task<int> StepAsync(OpenWorkspace workspace) =>
        (await workspace.Client.CallAsync("codetuner/status")).GetProperty("folders")[0].GetProperty("tune").GetProperty("step").GetInt32();
}
