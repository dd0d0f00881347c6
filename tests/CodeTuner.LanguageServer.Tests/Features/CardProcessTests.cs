using System.Text.Json;
using CodeTuner.Tests;
using CodeTuner.Tuning.Devices;

namespace CodeTuner.LanguageServer.Tests.Features;

/// <summary>The server as a process, on a graphics card whose driver fails: what an editor sees that starts it again.</summary>
public sealed class CardProcessTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(90);
    private readonly TemporaryFolder folder = OpenWorkspace.CreateFolder(120);

    [CardFact]
    public async Task AfterALostCardTheTuneGoesOnOnTheProcessorAndTheUserHearsOfItOnce()
    {
        await BeginOnProcessorAsync();
        using (ServerProcess lost = Start("FAULTY_LOSE_AFTER=60"))
        {
            await OpenAsync(lost, "auto");
            Assert.Equal(1, await lost.ExitCodeAsync());
            Assert.Contains("was lost while it computed", await lost.ErrorsAsync(), StringComparison.Ordinal);
        }

        using ServerProcess server = Start();
        TestClient next = await OpenAsync(server, "auto");
        JsonElement told = await next.WaitForAsync("window/showMessage", _ => true, Long);
        Assert.Contains("Vulkan0 (Faulty Card) was computing when this program ended", Message(told), StringComparison.Ordinal);
        Assert.Contains("The processor computes", Message(told), StringComparison.Ordinal);
        await GoesOnOnProcessorAsync(next);
        await CompletesAsync(next);
        Assert.DoesNotContain(next.Drain(), m => m.GetProperty("method").GetString() == "window/showMessage" && Message(m.GetProperty("params")).Contains("Vulkan0", StringComparison.Ordinal));
    }

    [CardFact]
    public async Task ACardThatFallsSilentIsGivenUpAndTheNextServerGoesOnWithoutIt()
    {
        await BeginOnProcessorAsync();
        using (ServerProcess silent = Start("FAULTY_HANG_AFTER=8", "CODETUNER_CARD_PATIENCE=10"))
        {
            TestClient client = await OpenAsync(silent, "auto");
            JsonElement end = (await client.WaitForAsync("codetuner/didChangeStatus", s => s.TryGetProperty("last", out _), Long)).GetProperty("last");
            Assert.Equal("failed", end.GetProperty("outcome").GetString());
            Assert.Contains("Vulkan0 does not answer any more", end.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Contains("restart the server", end.GetProperty("message").GetString(), StringComparison.OrdinalIgnoreCase);
            await CompletesAsync(client);
            await client.CallAsync("shutdown", "null");
            await client.NotifyAsync("exit", "null");
            Assert.Equal(0, await silent.ExitCodeAsync());
        }

        using ServerProcess server = Start();
        await GoesOnOnProcessorAsync(await OpenAsync(server, "auto"));
    }

    [CardFact]
    public async Task ATuneWaitsForAnotherProcessOnTheCard()
    {
        using ServerProcess server = Start();
        TestClient client = await OpenAsync(server, "auto");
        await client.WaitForAsync("codetuner/didChangeStatus", _ => true, Long); // the settings are there
        using (CardQueue.Wait(Path.Combine(folder.Path, "state"), "Vulkan0 (Faulty Card)", "/other", _ => Assert.Fail("Somebody has it."), CancellationToken.None))
        {
            await client.CallAsync("codetuner/tune", """{"minutes":0.1}""");
            Assert.Contains("is used by the tune of /other", Message(await client.WaitForAsync("window/showMessage", _ => true, Long)), StringComparison.Ordinal);
            await client.WaitForAsync("codetuner/didChangeStatus", s => s.TryGetProperty("tune", out JsonElement t) && t.TryGetProperty("pausedBy", out JsonElement by) && by.GetString() == "card", Long);
        }

        await client.WaitForAsync("codetuner/didChangeStatus", s => s.TryGetProperty("tune", out JsonElement t) && t.TryGetProperty("device", out _) && !t.GetProperty("paused").GetBoolean(), Long);
    }

    [CardTheory]
    [InlineData("FAULTY_LOSE_AFTER=0", "was lost while it computed")]
    [InlineData("FAULTY_HANG_OPEN=1 CODETUNER_CARD_PATIENCE=2", "did not answer when it was opened")]
    public async Task ADriverThatFailsInTheProbeIsLeftAlone(string faults, string words)
    {
        using ServerProcess server = Start(faults.Split(' '));
        TestClient client = await OpenAsync(server, "Vulkan0");
        Assert.Contains(words, Message(await client.WaitForAsync("window/showMessage", _ => true, Long)), StringComparison.Ordinal);
        await CompletesAsync(client);
        Assert.Contains(words, await DoctorAsync(client), StringComparison.Ordinal);
    }

    [CardTheory]
    [InlineData("FAULTY_MEMORY=1000000")]
    public async Task WithoutRoomOnTheCardTheProcessorServes(string memory)
    {
        using ServerProcess server = Start(memory);
        TestClient client = await OpenAsync(server, "Vulkan0", libraries: null, limit: 100);
        await CompletesAsync(client);
        await CompletesAsync(client);
        List<string> told = [.. client.Drain().Where(m => m.GetProperty("method").GetString() == "window/showMessage").Select(m => Message(m.GetProperty("params")))];
        Assert.Contains("no room for", Assert.Single(told), StringComparison.Ordinal);
    }

    [CardFact]
    public async Task TheSettingNamesTheLibrariesWithoutTheEnvironment()
    {
        using ServerProcess server = Start("CODETUNER_GGML=");
        TestClient client = await OpenAsync(server, "auto", FaultyDriver.Libraries);
        await client.WaitForAsync("codetuner/didChangeStatus", _ => true, Long); // the settings are there
        Assert.Contains("Vulkan0 (Faulty Card)", await DoctorAsync(client), StringComparison.Ordinal);
    }

    [CardFact]
    public async Task ASettingThatNamesAnotherFolderIsTold()
    {
        using ServerProcess server = Start();
        TestClient client = await OpenAsync(server, "Vulkan0", folder.Path);
        string told = Message(await client.WaitForAsync("window/showMessage", _ => true, Long));
        Assert.Contains(folder.Path, told, StringComparison.Ordinal);
        Assert.Contains("setting", told, StringComparison.Ordinal);
        await CompletesAsync(client);
    }

    public void Dispose() => folder.Dispose();

    private static ServerProcess Start(params string[] faults) => ServerProcess.StartWith(FaultyDriver.Variables(faults));

    private static string Message(JsonElement parameters) => parameters.GetProperty("message").GetString()!;

    private static async Task<string> DoctorAsync(TestClient client) =>
        (await client.CallAsync("codetuner/doctor")).GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "graphics card").GetProperty("detail").GetString()!;

    private static Task<JsonElement> GoesOnOnProcessorAsync(TestClient client) => StepAsync(client, t => !t.TryGetProperty("device", out _));

    private static Task<JsonElement> StepAsync(TestClient client, Func<JsonElement, bool> fits) => client.WaitForAsync(
        "codetuner/didChangeStatus", s => s.TryGetProperty("tune", out JsonElement t) && t.TryGetProperty("step", out JsonElement n) && n.GetInt32() >= 3 && fits(t), Long);

    private async Task CompletesAsync(TestClient client)
    {
        string uri = $"file://{folder.Path}/code/new{Guid.NewGuid():N}.py";
        await client.NotifyAsync("textDocument/didOpen", $$$"""{"textDocument":{"uri":"{{{uri}}}","languageId":"python","version":1,"text":"def order_0_0(customer_0, amount_0):\n    "}}""");
        JsonElement answer = await client.RequestAsync("textDocument/inlineCompletion", $$$"""{"textDocument":{"uri":"{{{uri}}}"},"position":{"line":1,"character":4},"context":{"triggerKind":1}}""");
        Assert.True(answer.TryGetProperty("result", out _), answer.ToString());
    }

    // A run that has begun, as a window that was closed leaves it: only the part that matters is done on the card.
    private async Task BeginOnProcessorAsync()
    {
        using ServerProcess server = Start();
        TestClient client = await OpenAsync(server, "cpu");
        await client.WaitForAsync("codetuner/didChangeStatus", _ => true, Long); // the settings are there
        await client.CallAsync("codetuner/tune", """{"minutes":2}""");
        await StepAsync(client, _ => true);
        await client.CallAsync("shutdown", "null");
        await client.NotifyAsync("exit", "null");
        await server.ExitCodeAsync();
    }

    private async Task<TestClient> OpenAsync(ServerProcess server, string device, string? libraries = null, int limit = 80)
    {
        string model = TinyModel.Write(Path.Combine(folder.Path, "model"));
        string settings = JsonSerializer.Serialize(new
        {
            device, model, gpu = new { libraries = libraries ?? "", memoryLimit = limit }, tune = new { rowLength = 64, batchSize = 1 },
        });
        TestClient client = server.Client;
        string state = JsonSerializer.Serialize(Path.Combine(folder.Path, "state"));
        await client.RequestAsync("initialize", $$$"""
            {"processId":null,"rootUri":null,"capabilities":{"workspace":{"configuration":true}},
            "workspaceFolders":[{"uri":"file://{{{folder.Path}}}/code","name":"code"}],"initializationOptions":{"stateFolder":{{{state}}}}}
            """);
        await client.NotifyAsync("initialized", "{}");
        await client.ReplyAsync(await client.NextAsync("workspace/configuration"), $"[{settings}]");
        return client;
    }
}
