using System.IO.Pipelines;
using System.Text.Json;
using CodeTuner.LanguageServer.Logging;
using CodeTuner.LanguageServer.Protocol.JsonRpc;

namespace CodeTuner.LanguageServer.Tests.Lifecycle;

public class LifecycleTests
{
    private const string Initialize = """initialize {"processId":null,"rootUri":null,"capabilities":{}}""";

    [Theory]
    // The messages in order ("!" before a notification), and the outcome of the last request: an error's code, or 0.
    [InlineData(0, Initialize)]
    [InlineData(ErrorCodes.ServerNotInitialized, "textDocument/hover {}")]
    [InlineData(ErrorCodes.ServerNotInitialized, "no/such")]
    [InlineData(ErrorCodes.ServerNotInitialized, "shutdown")]
    [InlineData(ErrorCodes.InvalidParams, "initialize {}")]
    [InlineData(0, "initialize {}", Initialize)]
    [InlineData(ErrorCodes.InvalidRequest, Initialize, Initialize)]
    [InlineData(ErrorCodes.MethodNotFound, Initialize, "no/such")]
    [InlineData(0, Initialize, "!initialized {}", "shutdown")]
    [InlineData(0, Initialize, "!initialized", "shutdown {}")]
    [InlineData(0, Initialize, "shutdown []")]
    [InlineData(0, Initialize, "shutdown null")]
    [InlineData(ErrorCodes.InvalidRequest, Initialize, "shutdown", "shutdown")]
    [InlineData(ErrorCodes.InvalidRequest, Initialize, "shutdown", Initialize)]
    [InlineData(ErrorCodes.InvalidRequest, Initialize, "shutdown", "textDocument/hover {}")]
    [InlineData(ErrorCodes.InvalidRequest, Initialize, "shutdown", "no/such")]
    public async Task WhatMayComeWhen(int expected, params string[] messages)
    {
        await using TestClient client = TestClient.Start();
        JsonElement last = default;
        foreach (string message in messages)
            last = await SendAsync(client, message) ?? last;
        int code = last.TryGetProperty("error", out JsonElement error) ? error.GetProperty("code").GetInt32() : 0;
        Assert.Equal(expected, code);
        Assert.False(client.Exit.IsCompleted);
    }

    [Theory]
    [InlineData(1, "!exit")]
    [InlineData(1, Initialize, "!exit")]
    [InlineData(1, Initialize, "!initialized {}", "!exit null")]
    [InlineData(0, Initialize, "shutdown", "!exit")]
    [InlineData(0, Initialize, "shutdown", "!exit []")]
    public async Task ExitEndsTheServer(int expected, params string[] messages)
    {
        TestClient client = TestClient.Start();
        foreach (string message in messages)
            await SendAsync(client, message);
        Assert.Equal(expected, await client.Exit.WaitAsync(TestClient.Patience));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1, Initialize)]
    [InlineData(0, Initialize, "shutdown")]
    public async Task TheInputsEndEndsTheServer(int expected, params string[] messages)
    {
        TestClient client = TestClient.Start();
        foreach (string message in messages)
            await SendAsync(client, message);
        await client.DisposeAsync();
        Assert.Equal(expected, await client.Exit);
    }

    [Fact]
    public async Task NotificationsBeforeInitializeAreDropped()
    {
        LspServer? server = null;
        await using TestClient client = TestClient.Start(s => server = s);
        const string Open = """{"textDocument":{"uri":"file:///a","languageId":"csharp","version":1,"text":""}}""";
        await client.NotifyAsync("textDocument/didOpen", Open);
        await client.InitializeAsync();
        Assert.Empty(server!.Documents.All);
        await client.NotifyAsync("textDocument/didOpen", Open);
        await client.AssertAliveAsync();
        Assert.Single(server.Documents.All);
    }

    [Theory]
    [InlineData("{}", "utf-16")]
    [InlineData("""{"general":{}}""", "utf-16")]
    [InlineData("""{"general":{"positionEncodings":[]}}""", "utf-16")]
    [InlineData("""{"general":{"positionEncodings":["utf-32"]}}""", "utf-16")]
    [InlineData("""{"general":{"positionEncodings":["utf-32","utf-8","utf-16"]}}""", "utf-8")]
    [InlineData("""{"general":{"positionEncodings":["utf-16","utf-8"]}}""", "utf-16")]
    public async Task AgreesOnThePositionEncoding(string capabilities, string expected)
    {
        await using TestClient client = TestClient.Start();
        JsonElement result = await client.InitializeAsync(capabilities);
        Assert.Equal(expected, result.GetProperty("capabilities").GetProperty("positionEncoding").GetString());
        Assert.Equal("CodeTuner", result.GetProperty("serverInfo").GetProperty("name").GetString());
    }

    [Theory]
    [InlineData(",\"workspaceFolders\":[{\"uri\":\"file:///a\",\"name\":\"a\"},{\"uri\":\"file:///b\",\"name\":\"b\"}]", "file:///a a,file:///b b")]
    [InlineData(",\"workspaceFolders\":[]", "")]
    [InlineData(",\"workspaceFolders\":null", "")]
    [InlineData("", "")]
    [InlineData(",\"rootUri\":\"file:///x/y%20z/\"", "file:///x/y%20z/ y z")]
    [InlineData(",\"rootUri\":\"file:///x\",\"workspaceFolders\":[{\"uri\":\"file:///a\",\"name\":\"a\"}]", "file:///a a")]
    public async Task KnowsTheWorkspaceFolders(string parameters, string expected)
    {
        LspServer? server = null;
        await using TestClient client = TestClient.Start(s => server = s);
        await client.InitializeAsync(more: parameters);
        Assert.Equal(expected, Folders());

        await client.NotifyAsync(
            "workspace/didChangeWorkspaceFolders",
            """{"event":{"added":[{"uri":"file:///new","name":"new"}],"removed":[{"uri":"file:///a","name":"a"}]}}""");
        await client.AssertAliveAsync();
        string left = expected.Replace("file:///a a,", "", StringComparison.Ordinal).Replace("file:///a a", "", StringComparison.Ordinal);
        Assert.Equal((left + ",file:///new new").TrimStart(','), Folders());

        string Folders() => string.Join(',', server!.Folders.All.Select(f => $"{f.Uri} {f.Name}"));
    }

    [Fact]
    public async Task AClientThatStopsToReadEndsTheServer()
    {
        var toServer = new Pipe();
        var toClient = new Pipe();
        var server = new LspServer(toServer.Reader, toClient.Writer, ServerLog.None);
        ServerFeatures.AddTo(server);
        Task<int> exit = server.RunAsync();
        await toClient.Reader.CompleteAsync();
        await toServer.Writer.WriteAsync("Content-Length: 2\r\n\r\n[]"u8.ToArray());
        Assert.Equal(1, await exit.WaitAsync(TestClient.Patience));
    }

    [Fact]
    public async Task AProcessThatIsGoneEndsTheServer()
    {
        using System.Diagnostics.Process gone = System.Diagnostics.Process.Start("dotnet", "--version");
        await gone.WaitForExitAsync();
        TestClient client = TestClient.Start();
        await client.InitializeAsync(processId: gone.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(1, await client.Exit.WaitAsync(TestClient.Patience));
    }

    private static async Task<JsonElement?> SendAsync(TestClient client, string message)
    {
        string[] parts = message.TrimStart('!').Split(' ', 2);
        string? parameters = parts.Length == 2 ? parts[1] : null;
        if (message[0] != '!')
            return await client.RequestAsync(parts[0], parameters);
        string withParams = parameters is null ? "" : $",\"params\":{parameters}";
        await client.SendAsync($$"""{"jsonrpc":"2.0","method":"{{parts[0]}}"{{withParams}}}""");
        return null;
    }
}
