using System.Text.Json;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using static CodeTuner.LanguageServer.Protocol.Lsp.LspJsonContext;

namespace CodeTuner.LanguageServer.Protocol.Lsp;

/// <summary>The methods of LSP 3.18 that this server reads or sends.</summary>
internal static class LspMethods
{
    // Lifecycle: client to server.
    public static readonly RequestMethod<InitializeParams, InitializeResult> Initialize = new("initialize", Default.InitializeParams, Default.InitializeResult);
    public static readonly NotificationMethod<InitializedParams> Initialized = new("initialized", Default.InitializedParams);
    public static readonly RequestMethod<Nothing, Nothing?> Shutdown = new("shutdown", Default.Nothing, Default.Nothing);
    public static readonly NotificationMethod<Nothing> Exit = new("exit", Default.Nothing);

    // Both ways.
    public static readonly NotificationMethod<CancelParams> CancelRequest = new("$/cancelRequest", Default.CancelParams);
    public static readonly NotificationMethod<ProgressParams> Progress = new("$/progress", Default.ProgressParams);

    // Documents: client to server.
    public static readonly NotificationMethod<DidOpenTextDocumentParams> DidOpen = new("textDocument/didOpen", Default.DidOpenTextDocumentParams);
    public static readonly NotificationMethod<DidChangeTextDocumentParams> DidChange = new("textDocument/didChange", Default.DidChangeTextDocumentParams);
    public static readonly NotificationMethod<DidCloseTextDocumentParams> DidClose = new("textDocument/didClose", Default.DidCloseTextDocumentParams);
    public static readonly NotificationMethod<DidSaveTextDocumentParams> DidSave = new("textDocument/didSave", Default.DidSaveTextDocumentParams);

    // Language features: client to server.
    public static readonly RequestMethod<InlineCompletionParams, InlineCompletionList?> InlineCompletion =
        new("textDocument/inlineCompletion", Default.InlineCompletionParams, Default.InlineCompletionList);
    public static readonly RequestMethod<HoverParams, Hover?> Hover = new("textDocument/hover", Default.HoverParams, Default.Hover);
    public static readonly RequestMethod<DocumentDiagnosticParams, DocumentDiagnosticReport> Diagnostic =
        new("textDocument/diagnostic", Default.DocumentDiagnosticParams, Default.DocumentDiagnosticReport);
    public static readonly RequestMethod<CodeActionParams, CodeAction[]?> CodeAction = new("textDocument/codeAction", Default.CodeActionParams, Default.CodeActionArray);
    public static readonly RequestMethod<CodeAction, CodeAction> CodeActionResolve = new("codeAction/resolve", Default.CodeAction, Default.CodeAction);

    // Workspace: client to server.
    public static readonly NotificationMethod<DidChangeConfigurationParams> DidChangeConfiguration =
        new("workspace/didChangeConfiguration", Default.DidChangeConfigurationParams);
    public static readonly NotificationMethod<DidChangeWorkspaceFoldersParams> DidChangeWorkspaceFolders =
        new("workspace/didChangeWorkspaceFolders", Default.DidChangeWorkspaceFoldersParams);
    public static readonly RequestMethod<ExecuteCommandParams, JsonElement?> ExecuteCommand =
        new("workspace/executeCommand", Default.ExecuteCommandParams, Default.NullableJsonElement);

    // Workspace: server to client.
    public static readonly RequestMethod<ConfigurationParams, JsonElement[]> Configuration =
        new("workspace/configuration", Default.ConfigurationParams, Default.JsonElementArray);
    public static readonly RequestMethod<Nothing?, WorkspaceFolder[]?> WorkspaceFolders =
        new("workspace/workspaceFolders", Default.Nothing, Default.WorkspaceFolderArray);
    public static readonly RequestMethod<ApplyWorkspaceEditParams, ApplyWorkspaceEditResult> ApplyEdit =
        new("workspace/applyEdit", Default.ApplyWorkspaceEditParams, Default.ApplyWorkspaceEditResult);
    public static readonly RequestMethod<Nothing?, Nothing?> DiagnosticRefresh = new("workspace/diagnostic/refresh", Default.Nothing, Default.Nothing);
    public static readonly RequestMethod<RegistrationParams, Nothing?> RegisterCapability =
        new("client/registerCapability", Default.RegistrationParams, Default.Nothing);
    public static readonly RequestMethod<UnregistrationParams, Nothing?> UnregisterCapability =
        new("client/unregisterCapability", Default.UnregistrationParams, Default.Nothing);

    // Window: server to client, but for the cancel button.
    public static readonly NotificationMethod<ShowMessageParams> ShowMessage = new("window/showMessage", Default.ShowMessageParams);
    public static readonly RequestMethod<ShowMessageRequestParams, MessageActionItem?> ShowMessageRequest =
        new("window/showMessageRequest", Default.ShowMessageRequestParams, Default.MessageActionItem);
    public static readonly NotificationMethod<LogMessageParams> LogMessage = new("window/logMessage", Default.LogMessageParams);
    public static readonly RequestMethod<WorkDoneProgressCreateParams, Nothing?> WorkDoneProgressCreate =
        new("window/workDoneProgress/create", Default.WorkDoneProgressCreateParams, Default.Nothing);
    public static readonly NotificationMethod<WorkDoneProgressCancelParams> WorkDoneProgressCancel =
        new("window/workDoneProgress/cancel", Default.WorkDoneProgressCancelParams);
}
