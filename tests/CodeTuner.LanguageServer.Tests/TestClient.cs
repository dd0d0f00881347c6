using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using CodeTuner.LanguageServer.Logging;
using CodeTuner.LanguageServer.Protocol.JsonRpc;

namespace CodeTuner.LanguageServer.Tests;

/// <summary>An editor's end of a session: writes raw JSON, and sorts what comes into answers, requests and notifications.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PipeWriter _output;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _answers = new();
    private readonly Channel<JsonElement> _incoming = Channel.CreateUnbounded<JsonElement>();
    private int _lastId;

    public TestClient(PipeReader input, PipeWriter output)
    {
        _output = output;
        _ = ReadAsync(new FrameReader(input));
    }

    /// <summary>The server's exit code, where it runs in this process.</summary>
    public Task<int> Exit { get; private init; } = Task.FromResult(-1);

    /// <summary>Starts a server in this process.</summary>
    /// <param name="set">Adds handlers of the test's own.</param>
    /// <param name="log">The server's log.</param>
    /// <param name="maxContentLength">The most bytes a message may have.</param>
    public static TestClient Start(Action<LspServer>? set = null, ServerLog? log = null, int maxContentLength = FrameReader.DefaultMaxContentLength)
    {
        var toServer = new Pipe();
        var toClient = new Pipe();
        var server = new LspServer(toServer.Reader, toClient.Writer, log ?? ServerLog.None, maxContentLength);
        ServerFeatures.AddTo(server);
        set?.Invoke(server);
        return new TestClient(toClient.Reader, toServer.Writer) { Exit = Task.Run(server.RunAsync) };
    }

    /// <summary>Starts a server and initializes it.</summary>
    public static async Task<TestClient> StartInitializedAsync(Action<LspServer>? set = null, string capabilities = "{}", ServerLog? log = null)
    {
        TestClient client = Start(set, log);
        await client.InitializeAsync(capabilities);
        return client;
    }

    public async Task<JsonElement> InitializeAsync(string capabilities = "{}", string processId = "null", string more = "")
    {
        JsonElement answer = await RequestAsync(
            "initialize", $$"""{"processId":{{processId}},"rootUri":null,"capabilities":{{capabilities}}{{more}}}""");
        await NotifyAsync("initialized", "{}");
        return answer.GetProperty("result");
    }

    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes) => await _output.WriteAsync(bytes);

    public Task SendAsync(string json)
    {
        byte[] content = Encoding.UTF8.GetBytes(json);
        return SendBytesAsync(Encoding.ASCII.GetBytes($"Content-Length: {content.Length}\r\n\r\n").Concat(content).ToArray());
    }

    public Task NotifyAsync(string method, string parameters) =>
        SendAsync($$"""{"jsonrpc":"2.0","method":"{{method}}","params":{{parameters}}}""");

    /// <summary>Sends a request and gives the whole answer.</summary>
    public Task<JsonElement> RequestAsync(string method, string? parameters = null) => Request(method, parameters).Answer;

    /// <summary>Sends a request.</summary>
    public (int Id, Task<JsonElement> Answer) Request(string method, string? parameters = null)
    {
        int id = Interlocked.Increment(ref _lastId);
        Task<JsonElement> answer = AnswerAsync(id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        string withParams = parameters is null ? "" : $$""","params":{{parameters}}""";
        SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}"{{withParams}}}""").GetAwaiter().GetResult();
        return (id, answer);
    }

    /// <summary>The answer to an id, as its JSON is spelt; <c>null</c> for an error without one.</summary>
    public Task<JsonElement> AnswerAsync(string id) => Answers(id).Task.WaitAsync(Patience);

    /// <summary>The next request or notification of the server.</summary>
    public async Task<JsonElement> NextAsync(string method)
    {
        JsonElement message = await _incoming.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(method, message.GetProperty("method").GetString());
        return message;
    }

    /// <summary>The next message of a method that fits, the others before it left out; its parameters.</summary>
    public async Task<JsonElement> WaitForAsync(string method, Func<JsonElement, bool> fits, TimeSpan? patience = null)
    {
        using CancellationTokenSource time = new(patience ?? TimeSpan.FromSeconds(90));
        while (true)
        {
            JsonElement message = await _incoming.Reader.ReadAsync(time.Token);
            if (message.GetProperty("method").GetString() == method && fits(message.GetProperty("params")))
                return message.GetProperty("params");
        }
    }

    /// <summary>Sends a request that must succeed, and gives its result.</summary>
    public async Task<JsonElement> CallAsync(string method, string parameters = "{}")
    {
        JsonElement answer = await RequestAsync(method, parameters);
        Assert.True(answer.TryGetProperty("result", out JsonElement result), $"{method}: {answer}");
        return result;
    }

    /// <summary>Sends a request that must be refused, and gives the message.</summary>
    public async Task<string> RefusalAsync(string method, string parameters = "{}")
    {
        JsonElement answer = await RequestAsync(method, parameters);
        Assert.True(answer.TryGetProperty("error", out JsonElement error), $"{method}: {answer}");
        return error.GetProperty("message").GetString()!;
    }

    /// <summary>What the server sent that was not read yet.</summary>
    public IReadOnlyList<JsonElement> Drain()
    {
        List<JsonElement> messages = [];
        while (_incoming.Reader.TryRead(out JsonElement message))
            messages.Add(message);
        return messages;
    }

    /// <summary>Whether the server sent something that was not read.</summary>
    public bool HasMore => _incoming.Reader.TryPeek(out _);

    public Task ReplyAsync(JsonElement request, string result) =>
        SendAsync($$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id").GetRawText()}},"result":{{result}}}""");

    /// <summary>Fails unless the server still answers.</summary>
    public async Task AssertAliveAsync()
    {
        JsonElement answer = await RequestAsync("test/alive");
        Assert.True(answer.TryGetProperty("error", out _));
    }

    public async ValueTask DisposeAsync()
    {
        await _output.CompleteAsync();
        await Exit.WaitAsync(Patience);
    }

    private TaskCompletionSource<JsonElement> Answers(string id) =>
        _answers.GetOrAdd(id, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task ReadAsync(FrameReader reader)
    {
        while (await reader.ReadAsync(CancellationToken.None) is { } frame)
        {
            Assert.Null(frame.Problem);
            JsonElement message = JsonDocument.Parse(frame.Content).RootElement;
            Assert.Equal("2.0", message.GetProperty("jsonrpc").GetString());
            if (message.TryGetProperty("method", out _))
            {
                await _incoming.Writer.WriteAsync(message);
                continue;
            }

            Assert.True(message.TryGetProperty("result", out _) ^ message.TryGetProperty("error", out _));
            string id = message.GetProperty("id").GetRawText();
            // The error without an id may come many times: each is given to one who waits.
            if (_answers.TryGetValue(id, out TaskCompletionSource<JsonElement>? waiting) && waiting.Task.IsCompleted)
                _answers[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Assert.True(Answers(id).TrySetResult(message));
        }
    }
}
