using System.IO.Pipelines;
using System.Text.Json;
using CodeTuner.LanguageServer.Documents;
using CodeTuner.LanguageServer.Features.ExecuteCommand;
using CodeTuner.LanguageServer.Features.InlineCompletion;
using CodeTuner.LanguageServer.Lifecycle;
using CodeTuner.LanguageServer.Logging;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.LanguageServer.Scheduling;
using CodeTuner.LanguageServer.Serving;
using CodeTuner.LanguageServer.Workspaces;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.LanguageServer;

/// <summary>One session with one client, from the first byte to the exit code. What it can do is added before it runs.</summary>
internal sealed class LspServer
{
    // How long what is queued may take to leave when the session ends.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    private readonly JsonRpcConnection _connection;
    private readonly ServerLifecycle _lifecycle = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly List<Func<ServerCapabilities, ServerCapabilities>> _capabilities = [];
    private readonly ServerLog _log;

    /// <param name="input">What the client sends.</param>
    /// <param name="output">What it reads.</param>
    /// <param name="log">Where to log.</param>
    /// <param name="maxContentLength">The most bytes a message may have.</param>
    public LspServer(PipeReader input, PipeWriter output, ServerLog log, int maxContentLength = FrameReader.DefaultMaxContentLength)
    {
        _log = log;
        _connection = new JsonRpcConnection(input, output, log, maxContentLength);
        Client = new LanguageClient(_connection, log);
        Documents = new OpenDocuments(log);
        Settings = new ClientSettings(Client, log);
        CurrentSettings = new CurrentSettings(Settings);
        Progress = new WorkDoneProgress(Client);
        Services = new SessionServices(new ComputeResources(() => CurrentSettings.Value.Threads, new CardUse(() => CurrentSettings.Value) { StateFolder = () => Services!.StateFolder ?? RunStore.DefaultState() }), CurrentSettings, Trust, Client, Progress, log)
        {
            CompletionMemory = new CompletionMemory(() => Services!.StateFolder, log),
        };
        Services.Compute.Cards.GivenUp += why => Services.Tell(Protocol.Lsp.MessageType.Warning, why);
        Sessions = new FolderSessions(Folders, Services);
        Scheduler = new RequestScheduler(Handlers, _lifecycle, Documents, _connection, log);
    }

    public HandlerTable Handlers { get; } = new();

    public CommandTable Commands { get; } = new();

    public OpenDocuments Documents { get; }

    public WorkspaceFolders Folders { get; } = new();

    public ClientSettings Settings { get; }

    public CurrentSettings CurrentSettings { get; }

    public WorkspaceTrust Trust { get; } = new();

    public SessionServices Services { get; }

    public FolderSessions Sessions { get; }

    public LanguageClient Client { get; }

    public WorkDoneProgress Progress { get; }

    public RequestScheduler Scheduler { get; }

    /// <summary>Done once after <c>initialized</c>: for what has to be asked of the client.</summary>
    public Func<CancellationToken, Task>? Started { get; set; }

    /// <summary>Adds to what <c>initialize</c> answers; called when the client's capabilities are known.</summary>
    public void Announce(Func<ServerCapabilities, ServerCapabilities> add) => _capabilities.Add(add);

    /// <summary><c>initialize</c>.</summary>
    public InitializeResult Initialize(InitializeParams parameters)
    {
        Client.Capabilities = parameters.Capabilities;
        Documents.Encoding = PositionEncoding.Negotiate(parameters.Capabilities.General?.PositionEncodings);
        InitializationOptions options = Options(parameters);
        Trust.Initialize(options.Trusted ?? true);
        Services.StateFolder = options.StateFolder;
        Folders.Initialize(parameters);
        Sessions.Follow();
        if (parameters.ProcessId is { } processId)
            WatchParent(processId);

        var capabilities = new ServerCapabilities { PositionEncoding = Documents.Encoding.Kind };
        capabilities = _capabilities.Aggregate(capabilities, (before, add) => add(before));
        _lifecycle.Initialized();
        return new InitializeResult(capabilities, new ServerInfo("CodeTuner", typeof(LspServer).Assembly.GetName().Version?.ToString(3)));
    }

    /// <summary><c>initialized</c>: from here on the client may be asked.</summary>
    public void Initialized(InitializedParams parameters) => Client.InBackground(
        async () =>
        {
            try
            {
                await Settings.StartAsync(_ended.Token);
                await (Started?.Invoke(_ended.Token) ?? Task.CompletedTask);
            }
            finally
            {
                Sessions.Begin();
            }
        },
        "Starting the session");

    /// <summary><c>shutdown</c>.</summary>
    public Nothing? Shutdown(Nothing parameters)
    {
        Services.Compute.Cards.Close();
        _lifecycle.ShutDown();
        return null;
    }

    /// <summary><c>exit</c>.</summary>
    public void Exit(Nothing parameters) => _lifecycle.Exit();

    private static InitializationOptions Options(InitializeParams parameters)
    {
        if (parameters.InitializationOptions is not { ValueKind: JsonValueKind.Object } json)
            return new InitializationOptions();
        try
        {
            return json.Deserialize(ExtensionsJsonContext.Default.InitializationOptions)!;
        }
        catch (JsonException e)
        {
            throw new ResponseErrorException(ErrorCodes.InvalidParams, $"The initializationOptions do not fit, at {e.Path}.");
        }
    }

    /// <summary>Exits when this process is gone.</summary>
    public void WatchParent(int processId) => _ = Task.Run(async () =>
    {
        await ParentProcess.WaitForExitAsync(processId, _ended.Token);
        _log.Info("The client's process is gone.");
        _lifecycle.Exit();
    });

    /// <summary>Serves until the client exits, its process is gone, or its end of the input is closed.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        _log.Info("The server starts.");
        Task session = _connection.RunAsync(Scheduler, _ended.Token);
        // Reading from a console cannot be cancelled, so it is not awaited on exit.
        Task first = await Task.WhenAny(session, _lifecycle.Exited);
        if (first == session)
            await session;
        await _connection.DrainAsync(DrainTime);
        await _ended.CancelAsync();
        Services.Compute.Cards.Close();
        Sessions.Dispose();
        Services.Compute.Cards.Dispose();
        Services.CompletionMemory.Dispose();
        _log.Info($"The server ends with {_lifecycle.ExitCode}.");
        return _lifecycle.ExitCode;
    }
}
