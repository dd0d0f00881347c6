using System.Text.Json;
using CodeTuner.Tests;

namespace CodeTuner.LanguageServer.Tests.Features;

public class MultiRootTests
{
    [Fact]
    public async Task EachRootHasItsOwnModelAndOneIsTunedAtATime()
    {
        using TemporaryFolder first = OpenWorkspace.CreateFolder(), second = OpenWorkspace.CreateFolder();
        string one = $"file://{first.Path}/code", two = $"file://{second.Path}/code";
        string state = JsonSerializer.Serialize(Path.Combine(first.Path, "state"));
        await using TestClient client = TestClient.Start();
        await client.InitializeAsync(more:
            $$""","workspaceFolders":[{"uri":"{{one}}","name":"one"},{"uri":"{{two}}","name":"two"}],"initializationOptions":{"stateFolder":{{state}} }""");
        await client.NotifyAsync("workspace/didChangeConfiguration", """{"settings":{"codetuner":{"tune":{"rowLength":64,"batchSize":1}}}}""");

        Assert.Contains("name one", await client.RefusalAsync("codetuner/tune"), StringComparison.Ordinal);
        await client.CallAsync("codetuner/tune", $$"""{"folder":"{{one}}","minutes":0.03}""");
        Assert.Contains("Another folder", await client.RefusalAsync("codetuner/tune", $$"""{"folder":"{{two}}"}"""), StringComparison.Ordinal);
        JsonElement end = await client.WaitForAsync(
            "codetuner/didChangeStatus", s => s.GetProperty("folder").GetString() == one && s.TryGetProperty("last", out _));
        string run = end.GetProperty("last").GetProperty("run").GetString()!;
        await client.CallAsync("codetuner/promote", $$"""{"folder":"{{one}}","run":"{{run}}"}""");

        JsonElement[] folders = [.. (await client.CallAsync("codetuner/status")).GetProperty("folders").EnumerateArray()];
        Assert.Equal(["one", "two"], folders.Select(f => f.GetProperty("name").GetString()));
        Assert.Equal(run, folders[0].GetProperty("run").GetString());
        Assert.False(folders[1].TryGetProperty("run", out _));
        Assert.Empty((await client.CallAsync("codetuner/runs", $$"""{"folder":"{{two}}"}""")).GetProperty("runs").EnumerateArray());

        // A folder that is closed is gone; the other stays.
        await client.NotifyAsync("workspace/didChangeWorkspaceFolders", $$"""{"event":{"added":[],"removed":[{"uri":"{{one}}","name":"one"}]} }""");
        Assert.Contains("not open", await client.RefusalAsync("codetuner/runs", $$"""{"folder":"{{one}}"}"""), StringComparison.Ordinal);
        Assert.Equal(two, (await client.CallAsync("codetuner/runs")).GetProperty("folder").GetString());
    }
}
