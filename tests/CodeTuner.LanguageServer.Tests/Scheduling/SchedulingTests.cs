using System.Text.Json;
using CodeTuner.LanguageServer.Documents;
using CodeTuner.LanguageServer.Logging;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.LanguageServer.Scheduling;

namespace CodeTuner.LanguageServer.Tests.Scheduling;

public class SchedulingTests
{
    private const string Uri = "file:///a.cs";

    private static readonly string Hover = $$$"""{"textDocument":{"uri":"{{{Uri}}}"},"position":{"line":0,"character":0}}""";

    [Fact]
    public async Task TheClientCancelsARequest()
    {
        var hover = new HeldHover(RequestPolicy.Default);
        await using TestClient client = await TestClient.StartInitializedAsync(hover.AddTo);
        (int id, Task<JsonElement> answer) = client.Request("test/slow", Hover);
        await hover.Started();
        await client.NotifyAsync("$/cancelRequest", $$"""{"id":{{id}}}""");
        Assert.Equal(ErrorCodes.RequestCancelled, Code(await answer));
    }

    [Fact]
    public async Task AnIdMayBeAString()
    {
        var hover = new HeldHover(RequestPolicy.Default);
        await using TestClient client = await TestClient.StartInitializedAsync(hover.AddTo);
        await client.SendAsync($$"""{"jsonrpc":"2.0","id":"h","method":"test/slow","params":{{Hover}}}""");
        await hover.Started();
        await client.NotifyAsync("$/cancelRequest", """{"id":"other"}""");
        await client.NotifyAsync("$/cancelRequest", """{"id":"h"}""");
        Assert.Equal(ErrorCodes.RequestCancelled, Code(await client.AnswerAsync("\"h\"")));
    }

    [Fact]
    public async Task ANewerRequestOfTheSameKindAndPlaceCancelsTheOlder()
    {
        var hover = new HeldHover(RequestPolicy.NewestOnCurrentText);
        await using TestClient client = await TestClient.StartInitializedAsync(hover.AddTo);
        Task<JsonElement> elsewhere = client.RequestAsync("test/slow", Hover.Replace("a.cs", "b.cs", StringComparison.Ordinal));
        Task<JsonElement> older = client.RequestAsync("test/slow", Hover);
        await hover.Started(2);
        Task<JsonElement> newer = client.RequestAsync("test/slow", Hover);
        Assert.Equal(ErrorCodes.RequestCancelled, Code(await older));
        await hover.Started();
        hover.Release();
        Assert.Equal(0, Code(await newer));
        Assert.Equal(0, Code(await elsewhere));
    }

    [Fact]
    public async Task OneThatWasCancelledLeavesTheNewerInItsPlace()
    {
        var hover = new HeldHover(RequestPolicy.NewestOnCurrentText);
        await using TestClient client = await TestClient.StartInitializedAsync(hover.AddTo);
        Task<JsonElement>[] answers = new Task<JsonElement>[4];
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = client.RequestAsync("test/slow", Hover);
            await hover.Started();
            if (i > 0)
                Assert.Equal(ErrorCodes.RequestCancelled, Code(await answers[i - 1]));
        }

        hover.Release();
        Assert.Equal(0, Code(await answers[^1]));
    }

    [Fact]
    public async Task WithoutThePolicyTheyRunBesideEachOther()
    {
        var hover = new HeldHover(RequestPolicy.Default);
        await using TestClient client = await TestClient.StartInitializedAsync(hover.AddTo);
        Task<JsonElement>[] answers = [.. Enumerable.Range(0, 5).Select(_ => client.RequestAsync("test/slow", Hover))];
        // All five have started, and none has ended.
        await hover.Started(5);
        Assert.All(answers, answer => Assert.False(answer.IsCompleted));
        hover.Release();
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal(0, Code(answer)));
    }

    public static TheoryData<bool, string, string, int> Stale => new()
    {
        // policy refuses, notification after the request, its parameters, outcome
        { true, "textDocument/didChange", Change("file:///a.cs", """{"text":"new"}"""), ErrorCodes.ContentModified },
        { true, "textDocument/didClose", """{"textDocument":{"uri":"file:///a.cs"}}""", ErrorCodes.ContentModified },
        { true, "textDocument/didOpen", Open("file:///a.cs"), ErrorCodes.ContentModified },
        { true, "textDocument/didChange", Change("file:///a.cs", ""), 0 },
        { true, "textDocument/didChange", Change("file:///b.cs", """{"text":"new"}"""), 0 },
        { true, "textDocument/didSave", """{"textDocument":{"uri":"file:///a.cs"}}""", 0 },
        { false, "textDocument/didChange", Change("file:///a.cs", """{"text":"new"}"""), 0 },
        { false, "textDocument/didClose", """{"textDocument":{"uri":"file:///a.cs"}}""", 0 },
    };

    [Theory]
    [MemberData(nameof(Stale))]
    public async Task AnAnswerIsCheckedAgainstTheDocument(bool refuse, string notification, string parameters, int expected)
    {
        var hover = new HeldHover(new RequestPolicy(RefuseStale: refuse));
        await using TestClient client = await TestClient.StartInitializedAsync(hover.AddTo);
        await client.NotifyAsync("textDocument/didOpen", Open(Uri));
        await client.NotifyAsync("textDocument/didOpen", Open("file:///b.cs"));
        Task<JsonElement> answer = client.RequestAsync("test/slow", Hover);
        await hover.Started();
        await client.NotifyAsync(notification, parameters);
        await client.AssertAliveAsync();
        // A change alone cancels nothing.
        Assert.False(answer.IsCompleted);
        hover.Release();
        Assert.Equal(expected, Code(await answer));
    }

    [Fact]
    public async Task ARequestSeesTheDocumentAsItWasWhenItCame()
    {
        var gate = new TaskCompletionSource();
        await using TestClient client = await TestClient.StartInitializedAsync(server => server.Handlers.Add(TestMethods.Slow, async (_, context) =>
        {
            await gate.Task;
            return (Hover?)new Hover(new(MarkupKind.PlainText, context.Document!.Text.ToString()));
        }));
        await client.NotifyAsync("textDocument/didOpen", Open(Uri));
        List<Task<JsonElement>> answers = [];
        for (int i = 0; i < 50; i++)
        {
            await client.NotifyAsync("textDocument/didChange", Change(Uri, $$"""{"text":"{{i}}"}"""));
            answers.Add(client.RequestAsync("test/slow", Hover));
        }

        await client.AssertAliveAsync();
        gate.SetResult();
        for (int i = 0; i < answers.Count; i++)
        {
            string? text = (await answers[i]).GetProperty("result").GetProperty("contents").GetProperty("value").GetString();
            Assert.Equal($"{i}", text);
        }
    }

    [Fact]
    public async Task AnIdInUseIsRefused()
    {
        var hover = new HeldHover(RequestPolicy.Default);
        await using TestClient client = await TestClient.StartInitializedAsync(hover.AddTo);
        string request = $$"""{"jsonrpc":"2.0","id":"h","method":"test/slow","params":{{Hover}}}""";
        await client.SendAsync(request);
        await hover.Started();
        await client.SendAsync(request);
        Assert.Equal(ErrorCodes.InvalidRequest, Code(await client.AnswerAsync("\"h\"")));
        hover.Release();
    }

    [Fact]
    public async Task AHandlersFailureIsAnErrorThatTellsNothingOfTheUsers()
    {
        var text = new StringWriter();
        await using TestClient client = await TestClient.StartInitializedAsync(
            server => server.Handlers.Add(TestMethods.Slow, (_, _) => throw new FileNotFoundException("/home/me/secret.cs is gone")),
            log: new ServerLog(text, LogLevel.Info));
        await client.NotifyAsync("textDocument/didOpen", Open("file:///home/me/secret.cs"));
        JsonElement answer = await client.RequestAsync("test/slow", Hover);
        Assert.Equal(ErrorCodes.InternalError, Code(answer));
        await client.NotifyAsync("textDocument/didOpen", """{"secret":1}""");
        await client.SendAsync("{secret");
        await client.AssertAliveAsync();
        Assert.DoesNotContain("secret", answer.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("test/slow failed: System.IO.FileNotFoundException", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHandlerMayRefuse()
    {
        await using TestClient client = await TestClient.StartInitializedAsync(server => server.Handlers.Add(
            TestMethods.Slow, (_, _) => throw new ResponseErrorException(ErrorCodes.RequestFailed, "There is no model.")));
        JsonElement error = (await client.RequestAsync("test/slow", Hover)).GetProperty("error");
        Assert.Equal("""{"code":-32803,"message":"There is no model."}""", error.GetRawText());
    }

    [Fact]
    public async Task ALargeDocumentGoesThrough()
    {
        LspServer? server = null;
        await using TestClient client = await TestClient.StartInitializedAsync(s => server = s);
        string text = string.Concat(Enumerable.Repeat("é😀 text\\r\\n", 200_000));
        await client.NotifyAsync(
            "textDocument/didOpen", $$$"""{"textDocument":{"uri":"{{{Uri}}}","languageId":"csharp","version":1,"text":"{{{text}}}"}}""");
        await client.AssertAliveAsync();
        Document document = server!.Documents.Find(Uri)!;
        Assert.Equal(200_001, document.Text.LineCount);
        Assert.Equal("é😀 text", document.Text.Line(199_999));
    }

    [Fact]
    public void AMethodHasOneHandler()
    {
        var handlers = new HandlerTable();
        handlers.Add(ServerMethods.Exit, _ => { });
        Assert.Throws<ArgumentException>(() => handlers.Add(ServerMethods.Exit, _ => { }));
    }

    internal static int Code(JsonElement answer) =>
        answer.TryGetProperty("error", out JsonElement error) ? error.GetProperty("code").GetInt32() : 0;

    private static string Open(string uri) =>
        $$$"""{"textDocument":{"uri":"{{{uri}}}","languageId":"csharp","version":1,"text":"old"}}""";

    private static string Change(string uri, string changes) =>
        $$"""{"textDocument":{"uri":"{{uri}}","version":2},"contentChanges":[{{changes}}]}""";

    /// <summary>A hover that answers when the test lets it.</summary>
    private sealed class HeldHover(RequestPolicy policy)
    {
        private readonly SemaphoreSlim _started = new(0);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void AddTo(LspServer server) => server.Handlers.Add(
            TestMethods.Slow,
            async (_, context) =>
            {
                _started.Release();
                await _released.Task.WaitAsync(context.Cancelled);
                return null;
            },
            policy);

        public void Release() => _released.SetResult();

        public async Task Started(int count = 1)
        {
            for (int i = 0; i < count; i++)
                Assert.True(await _started.WaitAsync(TestClient.Patience));
        }
    }
}
