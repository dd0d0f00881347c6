using System.Text.Json;
using CodeTuner.Tests;

namespace CodeTuner.LanguageServer.Tests.Features;

public class CompletionTests
{
    private const string Orders = "def order_total(customer, amount):\n    total = amount * 2 + customer.discount\n    return total\n\n\ndef order_tax(customer, amount):\n    ";

    [Fact]
    public async Task CompletesAtTheCursorCountsAndPreparesTheNext()
    {
        await using OpenWorkspace workspace = await OpenWorkspace.OpenAsync();
        string uri = await workspace.OpenDocumentAsync("orders/new.py", Orders);
        JsonElement item = await CompleteAsync(workspace, uri, 6, 4);
        string text = item.GetProperty("insertText").GetString()!;
        Assert.False(string.IsNullOrWhiteSpace(text));
        Assert.DoesNotContain("<|", text, StringComparison.Ordinal);
        Assert.Equal("codetuner.completionAccepted", item.GetProperty("command").GetProperty("command").GetString());
        string id = item.GetProperty("command").GetProperty("arguments")[0].GetString()!;

        // Typed through: the rest comes at once, under the same id.
        string typed = text[..1];
        await ChangeAsync(workspace, uri, 2, 6, 4, typed);
        JsonElement rest = await CompleteAsync(workspace, uri, 6, 5);
        Assert.Equal(text[1..], rest.GetProperty("insertText").GetString());
        Assert.Equal(id, rest.GetProperty("command").GetProperty("arguments")[0].GetString());

        await workspace.Client.NotifyAsync("codetuner/didShowCompletion", $$"""{"id":"{{id}}"}""");
        await workspace.Client.CallAsync("workspace/executeCommand", $$"""{"command":"codetuner.completionAccepted","arguments":["{{id}}"]}""");
        JsonElement statistics = await workspace.Client.CallAsync("codetuner/statistics");
        Assert.Equal((1, 1), (statistics.GetProperty("shown").GetInt32(), statistics.GetProperty("accepted").GetInt32()));
        Assert.Equal(4, statistics.GetProperty("retention").GetArrayLength());
        Assert.True(statistics.GetProperty("latency").GetProperty("p50").GetDouble() > 0);
    }

    [Theory]
    [InlineData("""{"completion":{"enabled":false}}""")]
    [InlineData("""{"completion":{"languages":{"python":false}}}""")]
    [InlineData("""{"completion":{"languages":{"*":false}}}""")]
    public async Task IsOffWhereTheUserWantsItOff(string settings)
    {
        await using OpenWorkspace workspace = await OpenWorkspace.OpenAsync();
        await workspace.Client.NotifyAsync("workspace/didChangeConfiguration", $$"""{"settings":{"codetuner":{{settings}} } }""");
        string uri = await workspace.OpenDocumentAsync("orders/new.py", Orders);
        Assert.Equal(JsonValueKind.Null, (await workspace.Client.CallAsync("textDocument/inlineCompletion", At(uri, 6, 4))).ValueKind);
    }

    [Theory]
    [InlineData(0u, 0u, "")]
    [InlineData(999u, 999u, "x = 1\n")]
    [InlineData(0u, 999u, "\ud800 = 1\r\ny\rz\n")]
    [InlineData(2u, 1u, "a\r\nb\n\udc00\udc00")]
    public async Task AnswersAnywhere(uint line, uint character, string text)
    {
        await using OpenWorkspace workspace = await OpenWorkspace.OpenAsync();
        // JSON has no lone surrogates but as escapes.
        string escaped = string.Concat(text.Select(c => $"\\u{(int)c:x4}"));
        string uri = workspace.UriOf("odd.py");
        await workspace.Client.NotifyAsync("textDocument/didOpen", $$"""{"textDocument":{"uri":"{{uri}}","languageId":"python","version":1,"text":"{{escaped}}"} }""");
        await workspace.Client.CallAsync("textDocument/inlineCompletion", At(uri, line, character));
        await workspace.Client.CallAsync("textDocument/hover", $$"""{"textDocument":{"uri":"{{uri}}"},"position":{"line":{{line}},"character":{{character}} } }""");
        await workspace.Client.CallAsync("codetuner/generateFromComment", $$"""{"textDocument":{"uri":"{{uri}}"},"position":{"line":{{line}},"character":{{character}} } }""");
    }

    [Fact]
    public async Task AnswersInAFiveMegabyteFile()
    {
        await using OpenWorkspace workspace = await OpenWorkspace.OpenAsync();
        string line = "value = compute(value) + offset\n";
        string text = string.Concat(Enumerable.Repeat(line, 5_000_000 / line.Length)) + Orders;
        string uri = await workspace.OpenDocumentAsync("large.py", text);
        int last = text.Count(c => c == '\n');
        JsonElement answer = await workspace.Client.CallAsync("textDocument/inlineCompletion", At(uri, (uint)last, 4));
        Assert.Equal(JsonValueKind.Object, answer.ValueKind);
    }

    [Fact]
    public async Task AnAnswerForTextThatChangedMeanwhileIsNotSent()
    {
        await using OpenWorkspace workspace = await OpenWorkspace.OpenAsync();
        string uri = await workspace.OpenDocumentAsync("orders/new.py", Orders);
        (_, Task<JsonElement> answer) = workspace.Client.Request("textDocument/inlineCompletion", At(uri, 6, 4, kind: 2));
        await ChangeAsync(workspace, uri, 2, 0, 0, "# new\n");
        int code = (await answer).GetProperty("error").GetProperty("code").GetInt32();
        Assert.Contains(code, (int[])[-32801, -32800]);
    }

    [Fact]
    public async Task FilesOutsideEveryFolderAreCompletedByTheBase()
    {
        await using OpenWorkspace workspace = await OpenWorkspace.OpenAsync();
        await workspace.Client.NotifyAsync("textDocument/didOpen", $$"""{"textDocument":{"uri":"untitled:Untitled-1","languageId":"python","version":1,"text":{{JsonSerializer.Serialize(Orders)}} } }""");
        Assert.Equal(JsonValueKind.Object, (await workspace.Client.CallAsync("textDocument/inlineCompletion", At("untitled:Untitled-1", 6, 4))).ValueKind);
    }

    [Fact]
    public async Task ATunedModelThatIsGoneIsReplacedByTheBaseWithOneMessage()
    {
        using TemporaryFolder folder = OpenWorkspace.CreateFolder();
        await using OpenWorkspace first = await OpenWorkspace.OpenAsync(folder);
        string run = (await first.TuneAsync()).GetProperty("last").GetProperty("run").GetString()!;
        await first.Client.CallAsync("codetuner/promote", $$"""{"run":"{{run}}"}""");
        string uri = await first.OpenDocumentAsync("orders/new.py", Orders);
        await first.Client.CallAsync("textDocument/inlineCompletion", At(uri, 6, 4));
        JsonElement served = (await first.Client.CallAsync("codetuner/status")).GetProperty("folders")[0];
        Assert.Equal(("tuned", run), (served.GetProperty("serving").GetString(), served.GetProperty("run").GetString()));
        string model = Directory.GetFiles(first.State, "model.safetensors", SearchOption.AllDirectories).Single(f => f.Contains(run, StringComparison.Ordinal));
        File.Delete(model);
        // What is in memory goes on serving.
        await ChangeAsync(first, uri, 2, 6, 4, "tax = ");
        await first.Client.CallAsync("textDocument/inlineCompletion", At(uri, 6, 10));

        await using OpenWorkspace second = await OpenWorkspace.OpenAsync(folder);
        string again = await second.OpenDocumentAsync("orders/new.py", Orders);
        await CompleteAsync(second, again, 6, 4);
        JsonElement message = await second.Client.WaitForAsync("window/showMessage", _ => true);
        Assert.Contains(run, message.GetProperty("message").GetString(), StringComparison.Ordinal);
        JsonElement status = (await second.Client.CallAsync("codetuner/status")).GetProperty("folders")[0];
        Assert.Equal("base", status.GetProperty("serving").GetString());
        Assert.Contains("base model serves", status.GetProperty("error").GetString(), StringComparison.Ordinal);
        await ChangeAsync(second, again, 2, 6, 4, "tax = ");
        await second.Client.CallAsync("textDocument/inlineCompletion", At(again, 6, 10));
        Assert.DoesNotContain(second.Client.Drain(), m => m.GetProperty("method").GetString() == "window/showMessage");
    }

    [Fact]
    public async Task ABaseThatIsNotThereIsSaidOnce()
    {
        await using OpenWorkspace workspace = await OpenWorkspace.OpenAsync();
        await workspace.Client.NotifyAsync("workspace/didChangeConfiguration", """{"settings":{"codetuner":{"model":"no-such-model"}}}""");
        string uri = await workspace.OpenDocumentAsync("orders/new.py", Orders);
        for (int i = 0; i < 3; i++)
            Assert.Contains("no-such-model", await workspace.Client.RefusalAsync("textDocument/inlineCompletion", At(uri, 6, 4)), StringComparison.Ordinal);
        Assert.Equal("none", (await workspace.Client.CallAsync("codetuner/status")).GetProperty("folders")[0].GetProperty("serving").GetString());
        Assert.Single(workspace.Client.Drain(), m => m.GetProperty("method").GetString() == "window/showMessage");
    }

    private static string At(string uri, uint line, uint character, int kind = 1) =>
        $$"""{"textDocument":{"uri":"{{uri}}"},"position":{"line":{{line}},"character":{{character}} },"context":{"triggerKind":{{kind}} } }""";

    private static async Task<JsonElement> CompleteAsync(OpenWorkspace workspace, string uri, uint line, uint character)
    {
        JsonElement list = await workspace.Client.CallAsync("textDocument/inlineCompletion", At(uri, line, character));
        return Assert.Single(list.GetProperty("items").EnumerateArray());
    }

    private static Task ChangeAsync(OpenWorkspace workspace, string uri, int version, uint line, uint character, string text)
    {
        string position = $$"""{"line":{{line}},"character":{{character}} }""";
        string change = $$"""{"range":{"start":{{position}},"end":{{position}} },"text":{{JsonSerializer.Serialize(text)}} }""";
        return workspace.Client.NotifyAsync("textDocument/didChange", $$"""{"textDocument":{"uri":"{{uri}}","version":{{version}} },"contentChanges":[{{change}}]}""");
    }
}
