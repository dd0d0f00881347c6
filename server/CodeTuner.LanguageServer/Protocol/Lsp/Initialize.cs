using System.Text.Json;

namespace CodeTuner.LanguageServer.Protocol.Lsp;

/// <summary>What the client says of itself.</summary>
internal sealed record InitializeParams
{
    /// <summary>The process that started the server, or null where there is none to watch.</summary>
    public required int? ProcessId { get; init; }

    public ClientInfo? ClientInfo { get; init; }

    public string? Locale { get; init; }

    /// <summary>Used where <see cref="WorkspaceFolders"/> is missing.</summary>
    public required string? RootUri { get; init; }

    public required ClientCapabilities Capabilities { get; init; }

    public JsonElement? InitializationOptions { get; init; }

    public WorkspaceFolder[]? WorkspaceFolders { get; init; }
}

internal sealed record ClientInfo(string Name, string? Version = null);

internal sealed record InitializeResult(ServerCapabilities Capabilities, ServerInfo? ServerInfo = null);

internal sealed record ServerInfo(string Name, string? Version = null);

internal sealed record InitializedParams;

/// <summary>The request to give up.</summary>
internal sealed record CancelParams(JsonRpc.IntegerOrString Id);
