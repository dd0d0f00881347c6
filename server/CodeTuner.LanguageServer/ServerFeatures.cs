using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer;

/// <summary>The list of what the server can do: each method with who handles it, and what <c>initialize</c> says of it.</summary>
internal static class ServerFeatures
{
    /// <summary>Adds every feature to a server that does not run yet.</summary>
    public static void AddTo(LspServer server)
    {
        // Lifecycle
        server.Handlers.AddInOrder(LspMethods.Initialize, server.Initialize);
        server.Handlers.Add(LspMethods.Initialized, server.Initialized);
        server.Handlers.AddInOrder(LspMethods.Shutdown, server.Shutdown);
        server.Handlers.Add(LspMethods.Exit, server.Exit);
        server.Handlers.Add(LspMethods.CancelRequest, server.Scheduler.Cancel);
        server.Handlers.Add(LspMethods.WorkDoneProgressCancel, server.Progress.Cancel);

        // Documents
        server.Handlers.Add(LspMethods.DidOpen, server.Documents.Open);
        server.Handlers.Add(LspMethods.DidChange, server.Documents.Change);
        server.Handlers.Add(LspMethods.DidSave, server.Documents.Save);
        server.Handlers.Add(LspMethods.DidClose, server.Documents.Close);
        server.Announce(capabilities => capabilities with
        {
            TextDocumentSync = new() { OpenClose = true, Change = TextDocumentSyncKind.Incremental, Save = new() { IncludeText = false } },
        });

        // Workspace
        server.Handlers.Add(LspMethods.DidChangeConfiguration, server.Settings.OnChanged);
        server.Handlers.Add(LspMethods.DidChangeWorkspaceFolders, server.Folders.Change);
        server.Announce(capabilities => capabilities with
        {
            Workspace = new() { WorkspaceFolders = new() { Supported = true, ChangeNotifications = true } },
        });

        // Commands
        server.Handlers.Add(LspMethods.ExecuteCommand, server.Commands.ExecuteAsync);
        server.Announce(capabilities => server.Commands.Names is { Length: > 0 } names
            ? capabilities with { ExecuteCommandProvider = new(names) }
            : capabilities);
    }
}
