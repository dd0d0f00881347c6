using System.Text.Json;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using static CodeTuner.LanguageServer.Protocol.Lsp.LspJsonContext;

namespace CodeTuner.LanguageServer.Protocol.Lsp;

/// <summary>The methods of LSP 3.18 that the client may send to this server.</summary>
internal static class ServerMethods
{
    // Lifecycle
    public static readonly RequestMethod<InitializeParams, InitializeResult> Initialize =
        new("initialize", Default.InitializeParams, Default.InitializeResult);
    public static readonly NotificationMethod<InitializedParams> Initialized = new("initialized", Default.InitializedParams);
    public static readonly RequestMethod<Nothing, Nothing?> Shutdown = new("shutdown", Default.Nothing, Default.Nothing);
    public static readonly NotificationMethod<Nothing> Exit = new("exit", Default.Nothing);
    public static readonly NotificationMethod<CancelParams> CancelRequest = new("$/cancelRequest", Default.CancelParams);
    public static readonly NotificationMethod<WorkDoneProgressCancelParams> WorkDoneProgressCancel =
        new("window/workDoneProgress/cancel", Default.WorkDoneProgressCancelParams);

    // Documents
    public static readonly NotificationMethod<DidOpenTextDocumentParams> DidOpen =
        new("textDocument/didOpen", Default.DidOpenTextDocumentParams);
    public static readonly NotificationMethod<DidChangeTextDocumentParams> DidChange =
        new("textDocument/didChange", Default.DidChangeTextDocumentParams);
    public static readonly NotificationMethod<DidCloseTextDocumentParams> DidClose =
        new("textDocument/didClose", Default.DidCloseTextDocumentParams);
    public static readonly NotificationMethod<DidSaveTextDocumentParams> DidSave =
        new("textDocument/didSave", Default.DidSaveTextDocumentParams);

    // Language features
    public static readonly RequestMethod<InlineCompletionParams, InlineCompletionList?> InlineCompletion =
        new("textDocument/inlineCompletion", Default.InlineCompletionParams, Default.InlineCompletionList);
    public static readonly RequestMethod<HoverParams, Hover?> Hover = new("textDocument/hover", Default.HoverParams, Default.Hover);
    public static readonly RequestMethod<DocumentDiagnosticParams, DocumentDiagnosticReport> Diagnostic =
        new("textDocument/diagnostic", Default.DocumentDiagnosticParams, Default.DocumentDiagnosticReport);
    public static readonly RequestMethod<CodeActionParams, CodeAction[]?> CodeAction =
        new("textDocument/codeAction", Default.CodeActionParams, Default.CodeActionArray);
    public static readonly RequestMethod<CodeAction, CodeAction> CodeActionResolve =
        new("codeAction/resolve", Default.CodeAction, Default.CodeAction);

    // Workspace
    public static readonly NotificationMethod<DidChangeConfigurationParams> DidChangeConfiguration =
        new("workspace/didChangeConfiguration", Default.DidChangeConfigurationParams);
    public static readonly NotificationMethod<DidChangeWorkspaceFoldersParams> DidChangeWorkspaceFolders =
        new("workspace/didChangeWorkspaceFolders", Default.DidChangeWorkspaceFoldersParams);
    public static readonly NotificationMethod<DidChangeWatchedFilesParams> DidChangeWatchedFiles =
        new("workspace/didChangeWatchedFiles", Default.DidChangeWatchedFilesParams);
    public static readonly RequestMethod<ExecuteCommandParams, JsonElement?> ExecuteCommand =
        new("workspace/executeCommand", Default.ExecuteCommandParams, Default.NullableJsonElement);
}
