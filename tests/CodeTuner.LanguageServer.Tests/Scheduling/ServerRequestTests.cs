using System.Text.Json;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.LanguageServer.Scheduling;

namespace CodeTuner.LanguageServer.Tests.Scheduling;

/// <summary>What the server asks of the client: progress, settings, registration, edits.</summary>
public class ServerRequestTests
{
    private const string Asks = """{"workspace":{"configuration":true,"didChangeConfiguration":{"dynamicRegistration":true}}}""";

    [Fact]
    public async Task RegistersForSettingsAndPullsThem()
    {
        LspServer? server = null;
        await using TestClient client = await TestClient.StartInitializedAsync(s => server = s, Asks);
        JsonElement registration = await client.NextAsync("client/registerCapability");
        JsonElement item = registration.GetProperty("params").GetProperty("registrations")[0];
        Assert.Equal("workspace/didChangeConfiguration", item.GetProperty("method").GetString());
        Assert.Equal("""{"section":"codetuner"}""", item.GetProperty("registerOptions").GetRawText());
        await client.ReplyAsync(registration, "null");

        var changed = new TaskCompletionSource();
        server!.Settings.Changed += () => changed.TrySetResult();
        JsonElement pull = await client.NextAsync("workspace/configuration");
        Assert.Equal("""{"items":[{"section":"codetuner"}]}""", pull.GetProperty("params").GetRawText());
        await client.ReplyAsync(pull, """[{"name":"first"}]""");
        await changed.Task.WaitAsync(TestClient.Patience);
        Assert.Equal("first", Name(server));

        // A change says only that there is one.
        changed = new TaskCompletionSource();
        server.Settings.Changed += () => changed.TrySetResult();
        await client.NotifyAsync("workspace/didChangeConfiguration", """{"settings":null}""");
        await client.ReplyAsync(await client.NextAsync("workspace/configuration"), """[{"name":5}]""");
        await changed.Task.WaitAsync(TestClient.Patience);
        Assert.Equal("fallback", Name(server));
    }

    [Theory]
    [InlineData("""{"codetuner":{"name":"pushed"}}""", "pushed")]
    [InlineData("""{"codetuner":null}""", "fallback")]
    [InlineData("""{"other":{}}""", "fallback")]
    [InlineData("null", "fallback")]
    [InlineData("[]", "fallback")]
    public async Task TakesSettingsThatArePushed(string settings, string expected)
    {
        LspServer? server = null;
        await using TestClient client = await TestClient.StartInitializedAsync(s => server = s);
        await client.NotifyAsync("workspace/didChangeConfiguration", $$"""{"settings":{{settings}}}""");
        await client.AssertAliveAsync();
        Assert.Equal(expected, Name(server!));
        Assert.False(client.HasMore);
    }

    [Fact]
    public async Task RegistersAndWithdrawsAMethodWhileItRuns()
    {
        LspServer? server = null;
        await using TestClient client = await TestClient.StartInitializedAsync(s => server = s);
        var options = new InlineCompletionRegistrationOptions { DocumentSelector = [new("csharp") { Scheme = "file" }] };
        Task<Unregistration> registering = server!.Client.RegisterAsync(
            "textDocument/inlineCompletion", options, LspJsonContext.Default.InlineCompletionRegistrationOptions, CancellationToken.None);
        JsonElement request = await client.NextAsync("client/registerCapability");
        JsonElement item = request.GetProperty("params").GetProperty("registrations")[0];
        Assert.Equal("""{"documentSelector":[{"language":"csharp","scheme":"file"}]}""", item.GetProperty("registerOptions").GetRawText());
        Assert.False(registering.IsCompleted);
        await client.ReplyAsync(request, "null");

        Task withdrawing = server.Client.UnregisterAsync(await registering, CancellationToken.None);
        request = await client.NextAsync("client/unregisterCapability");
        JsonElement gone = request.GetProperty("params").GetProperty("unregisterations")[0];
        Assert.Equal(item.GetProperty("id").GetString(), gone.GetProperty("id").GetString());
        Assert.Equal("textDocument/inlineCompletion", gone.GetProperty("method").GetString());
        await client.ReplyAsync(request, "null");
        await withdrawing.WaitAsync(TestClient.Patience);
    }

    [Fact]
    public async Task AHandlerMayAskTheClientWhileItWorks()
    {
        await using TestClient client = await TestClient.StartInitializedAsync(server => server.Commands.Add("codetuner.edit", async (arguments, context) =>
        {
            var edit = new WorkspaceEdit
            {
                DocumentChanges =
                [
                    new CreateFile("file:///new") { Options = new() { IgnoreIfExists = true } },
                    new TextDocumentEdit(new("file:///new", null), [new TextEdit(default, arguments[0].GetString()!)]),
                ],
            };
            ApplyWorkspaceEditResult result = await server.Client.Connection.RequestAsync(
                ClientMethods.ApplyEdit, new ApplyWorkspaceEditParams(edit), context.Cancelled);
            return JsonDocument.Parse(result.Applied ? "true" : "false").RootElement;
        }));
        Task<JsonElement> answer = client.RequestAsync("workspace/executeCommand", """{"command":"codetuner.edit","arguments":["text"]}""");
        JsonElement request = await client.NextAsync("workspace/applyEdit");
        Assert.Equal(
            """{"edit":{"documentChanges":[{"kind":"create","uri":"file:///new","options":{"ignoreIfExists":true}},"""
            + """{"textDocument":{"uri":"file:///new","version":null},"edits":[{"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":0}},"newText":"text"}]}]}}""",
            request.GetProperty("params").GetRawText());
        await client.ReplyAsync(request, """{"applied":true}""");
        Assert.Equal("true", (await answer).GetProperty("result").GetRawText());
    }

    [Fact]
    public async Task CommandsAreOffered()
    {
        await using TestClient client = TestClient.Start(server => server.Commands.Add("codetuner.x", (_, _) => Task.FromResult<JsonElement?>(null)));
        JsonElement result = await client.InitializeAsync();
        Assert.Equal("""{"commands":["codetuner.completionAccepted","codetuner.dismissSuggestion","codetuner.x"]}""", result.GetProperty("capabilities").GetProperty("executeCommandProvider").GetRawText());
        Assert.Equal("null", (await client.RequestAsync("workspace/executeCommand", """{"command":"codetuner.x"}""")).GetProperty("result").GetRawText());
        Assert.Equal(ErrorCodes.InvalidParams, SchedulingTests.Code(await client.RequestAsync("workspace/executeCommand", """{"command":"y"}""")));
    }

    [Theory]
    [InlineData("\"error\":{\"code\":5,\"message\":\"no\"}", 5)]
    [InlineData("\"error\":{}", ErrorCodes.InvalidParams)]
    [InlineData("\"result\":{\"applied\":\"yes\"}", ErrorCodes.InvalidParams)]
    [InlineData("\"result\":[]", ErrorCodes.InvalidParams)]
    public async Task AClientsRefusalIsThrown(string answer, int expected)
    {
        LspServer? server = null;
        await using TestClient client = await TestClient.StartInitializedAsync(s => server = s);
        Task asking = server!.Client.Connection.RequestAsync(ClientMethods.ApplyEdit, new ApplyWorkspaceEditParams(new()));
        JsonElement request = await client.NextAsync("workspace/applyEdit");
        await client.SendAsync($$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id")}},{{answer}}}""");
        var e = await Assert.ThrowsAsync<ResponseErrorException>(() => asking.WaitAsync(TestClient.Patience));
        Assert.Equal(expected, e.Error.Code);
    }

    [Fact]
    public async Task CancellingARequestToTheClientTellsIt()
    {
        LspServer? server = null;
        await using TestClient client = await TestClient.StartInitializedAsync(s => server = s);
        using var cancel = new CancellationTokenSource();
        Task asking = server!.Client.Connection.RequestAsync(ClientMethods.WorkspaceFolders, null, cancel.Token);
        JsonElement request = await client.NextAsync("workspace/workspaceFolders");
        Assert.False(request.TryGetProperty("params", out _));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        JsonElement cancelled = await client.NextAsync("$/cancelRequest");
        Assert.Equal(request.GetProperty("id").GetInt32(), cancelled.GetProperty("params").GetProperty("id").GetInt32());
        // The answer comes too late and is let pass.
        await client.ReplyAsync(request, "null");
        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task WhoAwaitsAClientThatGoesAwayIsTold()
    {
        LspServer? server = null;
        TestClient client = await TestClient.StartInitializedAsync(s => server = s);
        Task asking = server!.Client.Connection.RequestAsync(ClientMethods.WorkspaceFolders, null);
        await client.NextAsync("workspace/workspaceFolders");
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ConnectionClosedException>(() => asking.WaitAsync(TestClient.Patience));
        await Assert.ThrowsAsync<ConnectionClosedException>(() => server.Client.Connection.RequestAsync(ClientMethods.WorkspaceFolders, null));
    }

    [Fact]
    public async Task ShowsAProgressBarThatTheUserMayCancel()
    {
        LspServer? server = null;
        await using TestClient client = await TestClient.StartInitializedAsync(s => server = s, """{"window":{"workDoneProgress":true}}""");
        Task<ProgressBar> opening = server!.Progress.BeginAsync("Tuning", cancellable: true, CancellationToken.None);
        JsonElement create = await client.NextAsync("window/workDoneProgress/create");
        string token = create.GetProperty("params").GetProperty("token").GetRawText();
        await client.ReplyAsync(create, "null");
        ProgressBar bar = await opening;
        Assert.Equal($$$"""{"token":{{{token}}},"value":{"kind":"begin","title":"Tuning","cancellable":true,"percentage":0}}""", await Value(client));

        bar.Report("Step 5", 500);
        // Too soon after the last to be seen.
        bar.Report("Step 6", 60);
        Assert.Equal($$$"""{"token":{{{token}}},"value":{"kind":"report","message":"Step 5","percentage":100}}""", await Value(client));

        await client.NotifyAsync("window/workDoneProgress/cancel", $$"""{"token":{{token}}}""");
        await client.AssertAliveAsync();
        Assert.True(SpinWait.SpinUntil(() => bar.Cancelled.IsCancellationRequested, TestClient.Patience));

        await bar.EndAsync("Stopped");
        await bar.DisposeAsync();
        bar.Report("late");
        Assert.Equal($$$"""{"token":{{{token}}},"value":{"kind":"end","message":"Stopped"}}""", await Value(client));
        await client.AssertAliveAsync();
        Assert.False(client.HasMore);
    }

    [Fact]
    public async Task WithoutTheCapabilityNoProgressIsShown()
    {
        LspServer? server = null;
        await using TestClient client = await TestClient.StartInitializedAsync(s => server = s);
        await using (ProgressBar bar = await server!.Progress.BeginAsync("Tuning", cancellable: true, CancellationToken.None))
            bar.Report("Step");
        await using (ProgressBar bar = await server.Progress.BeginAsync(workDoneToken: null, "Asked"))
            bar.Report("Step");
        await client.AssertAliveAsync();
        Assert.False(client.HasMore);
    }

    [Fact]
    public async Task ShowsProgressInThePlaceOfARequest()
    {
        await using TestClient client = await TestClient.StartInitializedAsync(server => server.Handlers.Add(TestMethods.Slow, async (parameters, _) =>
        {
            await using ProgressBar bar = await server.Progress.BeginAsync(parameters.WorkDoneToken, "Reading");
            return null;
        }));
        JsonElement answer = await client.RequestAsync(
            "test/slow", """{"textDocument":{"uri":"a"},"position":{"line":0,"character":0},"workDoneToken":7}""");
        Assert.Equal("null", answer.GetProperty("result").GetRawText());
        Assert.Equal("""{"token":7,"value":{"kind":"begin","title":"Reading","cancellable":false,"percentage":0}}""", await Value(client));
        Assert.Equal("""{"token":7,"value":{"kind":"end"}}""", await Value(client));
    }

    private static async Task<string> Value(TestClient client) => (await client.NextAsync("$/progress")).GetProperty("params").GetRawText();

    private static string Name(LspServer server) =>
        server.Settings.Get(LspJsonContext.Default.ServerInfo, new ServerInfo("fallback")).Name;
}
