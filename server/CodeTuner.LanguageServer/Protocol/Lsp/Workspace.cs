using System.Text.Json;

namespace CodeTuner.LanguageServer.Protocol.Lsp;

internal sealed record WorkspaceFolder(string Uri, string Name);

internal sealed record DidChangeWorkspaceFoldersParams(WorkspaceFoldersChangeEvent Event);

internal sealed record WorkspaceFoldersChangeEvent(WorkspaceFolder[] Added, WorkspaceFolder[] Removed);

internal sealed record DidChangeConfigurationParams(JsonElement Settings);

internal sealed record ConfigurationParams(ConfigurationItem[] Items);

internal sealed record ConfigurationItem
{
    public string? ScopeUri { get; init; }

    public string? Section { get; init; }
}

internal sealed record ExecuteCommandParams(string Command)
{
    public JsonRpc.IntegerOrString? WorkDoneToken { get; init; }

    public JsonElement[]? Arguments { get; init; }
}
