using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace CodeTuner.Serving;

/// <summary>The server as an editor meets it: a process that is spoken to over its streams.</summary>
internal sealed class ServerClient : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode?>> answers = new();
    private readonly Dictionary<string, int> versions = [];
    private readonly Lock writing = new();
    private int lastId;

    private ServerClient(Process process)
    {
        this.process = process;
        _ = Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning);
        _ = process.StandardError.ReadToEndAsync();
    }

    /// <summary>When the process was started.</summary>
    public long StartedAt { get; private init; }

    /// <summary>Starts the server: an executable, or a .dll that dotnet runs.</summary>
    /// <param name="program">The path.</param>
    /// <param name="environment">More variables of its environment.</param>
    public static ServerClient Start(string program, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] arguments = program.EndsWith(".dll", StringComparison.Ordinal) ? [program] : [];
        ProcessStartInfo start = new(arguments.Length > 0 ? "dotnet" : program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        long now = Stopwatch.GetTimestamp();
        return new ServerClient(Process.Start(start)!) { StartedAt = now };
    }

    /// <summary>Bytes of memory that the server has now.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Opens a folder.</summary>
    public async Task InitializeAsync(string folder, string stateFolder)
    {
        await RequestAsync("initialize", new JsonObject
        {
            ["processId"] = Environment.ProcessId,
            ["rootUri"] = Uri(folder),
            ["capabilities"] = new JsonObject { ["general"] = new JsonObject { ["positionEncodings"] = new JsonArray("utf-16") } },
            ["workspaceFolders"] = new JsonArray(new JsonObject { ["uri"] = Uri(folder), ["name"] = Path.GetFileName(folder) }),
            ["initializationOptions"] = new JsonObject { ["trusted"] = true, ["stateFolder"] = stateFolder },
        });
        Notify("initialized", new JsonObject());
    }

    /// <summary>Opens a document, or gives it another text.</summary>
    public void Show(string uri, string text)
    {
        int version = versions[uri] = versions.GetValueOrDefault(uri) + 1;
        if (version == 1)
        {
            Notify("textDocument/didOpen", new JsonObject
            {
                ["textDocument"] = new JsonObject { ["uri"] = uri, ["languageId"] = "csharp", ["version"] = version, ["text"] = text },
            });
            return;
        }

        Notify("textDocument/didChange", new JsonObject
        {
            ["textDocument"] = new JsonObject { ["uri"] = uri, ["version"] = version },
            ["contentChanges"] = new JsonArray(new JsonObject { ["text"] = text }),
        });
    }

    /// <summary>Asks for a completion by a key, so that nothing waits for a pause in typing.</summary>
    public Task<JsonNode?> CompleteAsync(string uri, string prefix) => RequestAsync("textDocument/inlineCompletion", new JsonObject
    {
        ["textDocument"] = new JsonObject { ["uri"] = uri },
        ["position"] = Position(prefix),
        ["context"] = new JsonObject { ["triggerKind"] = 1 },
    });

    /// <summary>Asks for a hover.</summary>
    public Task<JsonNode?> HoverAsync(string uri, string prefix) => RequestAsync("textDocument/hover", new JsonObject
    {
        ["textDocument"] = new JsonObject { ["uri"] = uri }, ["position"] = Position(prefix),
    });

    /// <summary>Sends a request.</summary>
    /// <exception cref="InvalidOperationException">The server refused it.</exception>
    public Task<JsonNode?> RequestAsync(string method, JsonObject? parameters)
    {
        int id = Interlocked.Increment(ref lastId);
        TaskCompletionSource<JsonNode?> answer = answers.GetOrAdd(id, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        Send(With(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method }, parameters));
        return answer.Task;
    }

    /// <summary>The URI of a path.</summary>
    public static string Uri(string path) => new Uri(path).AbsoluteUri;

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await Task.WhenAny(RequestAsync("shutdown", null), Task.Delay(5000));
            Notify("exit", null);
            if (!process.WaitForExit(10_000))
                process.Kill();
        }

        process.Dispose();
    }

    private static JsonObject Position(string prefix) => new()
    {
        ["line"] = prefix.AsSpan().Count('\n'), ["character"] = prefix.Length - prefix.LastIndexOf('\n') - 1,
    };

    private static JsonObject With(JsonObject message, JsonObject? parameters)
    {
        if (parameters is not null)
            message["params"] = parameters;
        return message;
    }

    private void Notify(string method, JsonObject? parameters) => Send(With(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = method }, parameters));

    private void Send(JsonObject message)
    {
        byte[] content = Encoding.UTF8.GetBytes(message.ToJsonString());
        lock (writing)
        {
            Stream stream = process.StandardInput.BaseStream;
            stream.Write(Encoding.ASCII.GetBytes($"Content-Length: {content.Length}\r\n\r\n"));
            stream.Write(content);
            stream.Flush();
        }
    }

    private void Read()
    {
        using BufferedStream stream = new(process.StandardOutput.BaseStream, 1 << 16);
        while (Length(stream) is { } length)
        {
            byte[] content = new byte[length];
            stream.ReadExactly(content);
            JsonNode message = JsonNode.Parse(content)!;
            if (message["method"] is null && message["id"] is { } id && answers.TryRemove(id.GetValue<int>(), out TaskCompletionSource<JsonNode?>? answer))
            {
                if (message["error"]?["message"] is { } error)
                    answer.SetException(new InvalidOperationException($"The server refused: {error}"));
                else
                    answer.SetResult(message["result"]);
            }
            else if (message["method"] is not null && message["id"] is { } asked)
                Send(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = asked.DeepClone(), ["result"] = null });
        }

        foreach (TaskCompletionSource<JsonNode?> left in answers.Values)
            left.TrySetException(new IOException("The server has ended."));
    }

    private static int? Length(Stream stream)
    {
        int length = 0;
        StringBuilder line = new();
        while (true)
        {
            int next = stream.ReadByte();
            if (next < 0)
                return null;
            if (next != '\n')
            {
                line.Append((char)next);
                continue;
            }

            string header = line.ToString().TrimEnd('\r');
            line.Clear();
            if (header.Length == 0)
                return length;
            if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(header.AsSpan("Content-Length:".Length), System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
