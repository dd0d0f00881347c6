using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer;

/// <summary>The list of what the server can do: each method with who handles it, and what <c>initialize</c> says of it.</summary>
internal static class ServerFeatures
{
    /// <summary>Adds every feature to a server that does not run yet.</summary>
    public static void AddTo(LspServer server)
    {
        // Lifecycle
        server.Handlers.AddInOrder(ServerMethods.Initialize, server.Initialize);
        server.Handlers.Add(ServerMethods.Initialized, server.Initialized);
        server.Handlers.AddInOrder(ServerMethods.Shutdown, server.Shutdown);
        server.Handlers.Add(ServerMethods.Exit, server.Exit);
        server.Handlers.Add(ServerMethods.CancelRequest, server.Scheduler.Cancel);
        server.Handlers.Add(ServerMethods.WorkDoneProgressCancel, server.Progress.Cancel);

        // Documents
        server.Handlers.Add(ServerMethods.DidOpen, server.Documents.Open);
        server.Handlers.Add(ServerMethods.DidChange, server.Documents.Change);
        server.Handlers.Add(ServerMethods.DidSave, server.Documents.Save);
        server.Handlers.Add(ServerMethods.DidClose, server.Documents.Close);
        server.Announce(capabilities => capabilities with
        {
            TextDocumentSync = new() { OpenClose = true, Change = TextDocumentSyncKind.Incremental, Save = new() { IncludeText = false } },
        });

        // Workspace
        server.Handlers.Add(ServerMethods.DidChangeConfiguration, server.Settings.OnChanged);
        server.Handlers.Add(ServerMethods.DidChangeWorkspaceFolders, server.Folders.Change);
        server.Announce(capabilities => capabilities with
        {
            Workspace = new() { WorkspaceFolders = new() { Supported = true, ChangeNotifications = true } },
        });

        // Commands
        server.Handlers.Add(ServerMethods.ExecuteCommand, server.Commands.ExecuteAsync);
        server.Announce(capabilities => server.Commands.Names is { Length: > 0 } names
            ? capabilities with { ExecuteCommandProvider = new(names) }
            : capabilities);
    }
}
