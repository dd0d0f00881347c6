using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using CodeTuner.LanguageServer.Lifecycle;

namespace CodeTuner.LanguageServer.Tests.Lifecycle;

/// <summary>The server as the editor meets it: a process with three streams.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codetuner-server-").FullName;
    private readonly List<Process> _processes = [];

    [Fact]
    public async Task SpeaksOverStandardInputAndOutput()
    {
        string log = Path.Combine(_folder, "log.txt");
        (Process process, TestClient client) = Start("--stdio", "--log", log);
        JsonElement result = await client.InitializeAsync("""{"general":{"positionEncodings":["utf-8"]}}""");
        Assert.Equal("utf-8", result.GetProperty("capabilities").GetProperty("positionEncoding").GetString());
        await client.NotifyAsync("textDocument/didOpen", """{"textDocument":{"uri":"file:///secret/a.cs","languageId":"csharp","version":1,"text":"secret"}}""");
        await client.SendAsync("[]");
        await client.AnswerAsync("null");
        Assert.Equal("null", (await client.RequestAsync("shutdown")).GetProperty("result").GetRawText());
        await client.SendAsync("""{"jsonrpc":"2.0","method":"exit"}""");
        Assert.Equal(0, await ExitCode(process));
        Assert.Empty(await process.StandardError.ReadToEndAsync());

        string text = await File.ReadAllTextAsync(log);
        Assert.Contains("initialize answered", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EndsWhenItsInputIsClosed()
    {
        (Process process, TestClient client) = Start();
        await client.InitializeAsync();
        process.StandardInput.Close();
        Assert.Equal(1, await ExitCode(process));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EndsWhenTheClientsProcessIsGone(bool onCommandLine)
    {
        // Another server stands for the editor: it lives until it is killed.
        (Process editor, _) = Start();
        string id = editor.Id.ToString(CultureInfo.InvariantCulture);
        (Process process, TestClient client) = onCommandLine ? Start($"--clientProcessId={id}") : Start();
        await client.InitializeAsync(processId: onCommandLine ? "null" : id);
        await Task.Delay(ParentProcess.Interval + TimeSpan.FromMilliseconds(500));
        Assert.False(process.HasExited);
        editor.Kill();
        Assert.Equal(1, await ExitCode(process));
    }

    [Theory]
    [InlineData("--no-such-option")]
    [InlineData("--log", "/no/such/folder/log.txt")]
    [InlineData("--log-level", "loud")]
    public async Task SaysWhatIsWrongWithTheCommandLine(params string[] arguments)
    {
        (Process process, _) = Start(arguments);
        Assert.Equal(1, await ExitCode(process));
        Assert.Contains(arguments[^1], await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private (Process Process, TestClient Client) Start(params string[] arguments)
    {
        string server = typeof(LspServer).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [server, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        _processes.Add(process);
        return (process, new TestClient(PipeReader.Create(process.StandardOutput.BaseStream), PipeWriter.Create(process.StandardInput.BaseStream)));
    }

    private static async Task<int> ExitCode(Process process)
    {
        await process.WaitForExitAsync().WaitAsync(TestClient.Patience);
        return process.ExitCode;
    }
}
