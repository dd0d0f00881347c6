using System.Text.Json;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using static CodeTuner.LanguageServer.Protocol.Lsp.LspJsonContext;

namespace CodeTuner.LanguageServer.Protocol.Lsp;

/// <summary>The methods of LSP 3.18 that this server sends to the client.</summary>
internal static class ClientMethods
{
    // Both ways
    public static readonly NotificationMethod<CancelParams> CancelRequest = new("$/cancelRequest", Default.CancelParams);
    public static readonly NotificationMethod<ProgressParams> Progress = new("$/progress", Default.ProgressParams);

    // Registration
    public static readonly RequestMethod<RegistrationParams, Nothing?> RegisterCapability =
        new("client/registerCapability", Default.RegistrationParams, Default.Nothing);
    public static readonly RequestMethod<UnregistrationParams, Nothing?> UnregisterCapability =
        new("client/unregisterCapability", Default.UnregistrationParams, Default.Nothing);

    // Workspace
    public static readonly RequestMethod<ConfigurationParams, JsonElement[]> Configuration =
        new("workspace/configuration", Default.ConfigurationParams, Default.JsonElementArray);
    public static readonly RequestMethod<Nothing?, WorkspaceFolder[]?> WorkspaceFolders =
        new("workspace/workspaceFolders", Default.Nothing, Default.WorkspaceFolderArray);
    public static readonly RequestMethod<ApplyWorkspaceEditParams, ApplyWorkspaceEditResult> ApplyEdit =
        new("workspace/applyEdit", Default.ApplyWorkspaceEditParams, Default.ApplyWorkspaceEditResult);
    public static readonly RequestMethod<Nothing?, Nothing?> DiagnosticRefresh =
        new("workspace/diagnostic/refresh", Default.Nothing, Default.Nothing);

    // Window
    public static readonly NotificationMethod<ShowMessageParams> ShowMessage = new("window/showMessage", Default.ShowMessageParams);
    public static readonly RequestMethod<ShowMessageRequestParams, MessageActionItem?> ShowMessageRequest =
        new("window/showMessageRequest", Default.ShowMessageRequestParams, Default.MessageActionItem);
    public static readonly NotificationMethod<LogMessageParams> LogMessage = new("window/logMessage", Default.LogMessageParams);
    public static readonly RequestMethod<WorkDoneProgressCreateParams, Nothing?> WorkDoneProgressCreate =
        new("window/workDoneProgress/create", Default.WorkDoneProgressCreateParams, Default.Nothing);
}
