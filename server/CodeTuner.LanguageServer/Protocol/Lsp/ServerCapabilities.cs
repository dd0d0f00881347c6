namespace CodeTuner.LanguageServer.Protocol.Lsp;

/// <summary>What the server can do.</summary>
internal sealed record ServerCapabilities
{
    /// <summary>See <see cref="PositionEncodingKind"/>.</summary>
    public string? PositionEncoding { get; init; }

    public TextDocumentSyncOptions? TextDocumentSync { get; init; }

    public HoverOptions? HoverProvider { get; init; }

    public CodeActionOptions? CodeActionProvider { get; init; }

    public ExecuteCommandOptions? ExecuteCommandProvider { get; init; }

    public DiagnosticOptions? DiagnosticProvider { get; init; }

    public InlineCompletionOptions? InlineCompletionProvider { get; init; }

    public WorkspaceOptions? Workspace { get; init; }
}

internal sealed record TextDocumentSyncOptions
{
    public bool? OpenClose { get; init; }

    public TextDocumentSyncKind? Change { get; init; }

    public SaveOptions? Save { get; init; }
}

internal enum TextDocumentSyncKind
{
    None = 0,
    Full = 1,
    Incremental = 2,
}

internal sealed record SaveOptions
{
    public bool? IncludeText { get; init; }
}

internal sealed record HoverOptions
{
    public bool? WorkDoneProgress { get; init; }
}

internal sealed record CodeActionOptions
{
    public bool? WorkDoneProgress { get; init; }

    /// <summary>See <see cref="CodeActionKind"/>.</summary>
    public string[]? CodeActionKinds { get; init; }

    public bool? ResolveProvider { get; init; }
}

internal sealed record ExecuteCommandOptions(string[] Commands)
{
    public bool? WorkDoneProgress { get; init; }
}

internal sealed record DiagnosticOptions(bool InterFileDependencies, bool WorkspaceDiagnostics)
{
    public bool? WorkDoneProgress { get; init; }

    public string? Identifier { get; init; }
}

internal sealed record InlineCompletionOptions
{
    public bool? WorkDoneProgress { get; init; }
}

internal sealed record WorkspaceOptions
{
    public WorkspaceFoldersServerCapabilities? WorkspaceFolders { get; init; }
}

internal sealed record WorkspaceFoldersServerCapabilities
{
    public bool? Supported { get; init; }

    public bool? ChangeNotifications { get; init; }
}
