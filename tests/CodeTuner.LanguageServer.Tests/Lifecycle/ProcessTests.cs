using System.Globalization;
using System.Text.Json;
using CodeTuner.LanguageServer.Lifecycle;

namespace CodeTuner.LanguageServer.Tests.Lifecycle;

/// <summary>The server over its three streams, and when its process ends.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codetuner-server-").FullName;
    private readonly List<ServerProcess> _servers = [];

    [Fact]
    public async Task SpeaksOverStandardInputAndOutput()
    {
        string log = Path.Combine(_folder, "log.txt");
        ServerProcess server = Start("--stdio", "--log", log);
        JsonElement result = await server.Client.InitializeAsync("""{"general":{"positionEncodings":["utf-8"]}}""");
        Assert.Equal("utf-8", result.GetProperty("capabilities").GetProperty("positionEncoding").GetString());
        await server.Client.NotifyAsync("textDocument/didOpen", """{"textDocument":{"uri":"file:///secret/a.cs","languageId":"csharp","version":1,"text":"secret"}}""");
        await server.Client.SendAsync("[]");
        await server.Client.AnswerAsync("null");
        Assert.Equal("null", (await server.Client.RequestAsync("shutdown")).GetProperty("result").GetRawText());
        await server.Client.SendAsync("""{"jsonrpc":"2.0","method":"exit"}""");
        Assert.Equal(0, await server.ExitCodeAsync());
        Assert.Empty(await server.ErrorsAsync());

        string text = await File.ReadAllTextAsync(log);
        Assert.Contains("initialize answered", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EndsWhenItsInputIsClosed()
    {
        ServerProcess server = Start();
        await server.Client.InitializeAsync();
        server.CloseInput();
        Assert.Equal(1, await server.ExitCodeAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EndsWhenTheClientsProcessIsGone(bool onCommandLine)
    {
        // Another server stands for the editor: it lives until it is killed.
        ServerProcess editor = Start();
        string id = editor.Id.ToString(CultureInfo.InvariantCulture);
        ServerProcess server = onCommandLine ? Start($"--clientProcessId={id}") : Start();
        await server.Client.InitializeAsync(processId: onCommandLine ? "null" : id);
        await Task.Delay(ParentProcess.Interval + TimeSpan.FromMilliseconds(500));
        Assert.False(server.HasExited);
        editor.Kill();
        Assert.Equal(1, await server.ExitCodeAsync());
    }

    [Theory]
    [InlineData("--no-such-option")]
    [InlineData("--log", "/no/such/folder/log.txt")]
    [InlineData("--log-level", "loud")]
    public async Task SaysWhatIsWrongWithTheCommandLine(params string[] arguments)
    {
        ServerProcess server = Start(arguments);
        Assert.Equal(1, await server.ExitCodeAsync());
        Assert.Contains(arguments[^1], await server.ErrorsAsync(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _servers.ForEach(s => s.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private ServerProcess Start(params string[] arguments)
    {
        ServerProcess server = ServerProcess.Start(arguments);
        _servers.Add(server);
        return server;
    }
}
