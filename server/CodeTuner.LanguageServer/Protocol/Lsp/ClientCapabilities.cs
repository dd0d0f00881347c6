namespace CodeTuner.LanguageServer.Protocol.Lsp;

/// <summary>What the client can do, as far as this server asks.</summary>
internal sealed record ClientCapabilities
{
    public WorkspaceClientCapabilities? Workspace { get; init; }

    public TextDocumentClientCapabilities? TextDocument { get; init; }

    public WindowClientCapabilities? Window { get; init; }

    public GeneralClientCapabilities? General { get; init; }
}

internal sealed record GeneralClientCapabilities
{
    /// <summary>See <see cref="PositionEncodingKind"/>; the client's preference first.</summary>
    public string[]? PositionEncodings { get; init; }
}

internal sealed record WindowClientCapabilities
{
    public bool? WorkDoneProgress { get; init; }

    public ShowMessageRequestClientCapabilities? ShowMessage { get; init; }
}

internal sealed record ShowMessageRequestClientCapabilities;

internal sealed record WorkspaceClientCapabilities
{
    public bool? ApplyEdit { get; init; }

    public WorkspaceEditClientCapabilities? WorkspaceEdit { get; init; }

    public DidChangeConfigurationClientCapabilities? DidChangeConfiguration { get; init; }

    public DidChangeWatchedFilesClientCapabilities? DidChangeWatchedFiles { get; init; }

    public ExecuteCommandClientCapabilities? ExecuteCommand { get; init; }

    public bool? WorkspaceFolders { get; init; }

    public bool? Configuration { get; init; }

    public DiagnosticWorkspaceClientCapabilities? Diagnostics { get; init; }
}

internal sealed record WorkspaceEditClientCapabilities
{
    public bool? DocumentChanges { get; init; }

    /// <summary><c>create</c>, <c>rename</c>, <c>delete</c>.</summary>
    public string[]? ResourceOperations { get; init; }
}

internal sealed record DidChangeConfigurationClientCapabilities
{
    public bool? DynamicRegistration { get; init; }
}

internal sealed record DidChangeWatchedFilesClientCapabilities
{
    public bool? DynamicRegistration { get; init; }
}

internal sealed record ExecuteCommandClientCapabilities
{
    public bool? DynamicRegistration { get; init; }
}

internal sealed record DiagnosticWorkspaceClientCapabilities
{
    public bool? RefreshSupport { get; init; }
}

internal sealed record TextDocumentClientCapabilities
{
    public HoverClientCapabilities? Hover { get; init; }

    public CodeActionClientCapabilities? CodeAction { get; init; }

    public DiagnosticClientCapabilities? Diagnostic { get; init; }

    public InlineCompletionClientCapabilities? InlineCompletion { get; init; }
}

internal sealed record HoverClientCapabilities
{
    public bool? DynamicRegistration { get; init; }

    /// <summary>See <see cref="MarkupKind"/>; the client's preference first.</summary>
    public string[]? ContentFormat { get; init; }
}

internal sealed record CodeActionClientCapabilities
{
    public bool? DynamicRegistration { get; init; }

    public ClientCodeActionLiteralOptions? CodeActionLiteralSupport { get; init; }

    public bool? IsPreferredSupport { get; init; }

    public bool? DisabledSupport { get; init; }

    public bool? DataSupport { get; init; }

    public ClientCodeActionResolveOptions? ResolveSupport { get; init; }

    public CodeActionTagOptions? TagSupport { get; init; }
}

internal sealed record ClientCodeActionLiteralOptions(ClientCodeActionKindOptions CodeActionKind);

internal sealed record ClientCodeActionKindOptions(string[] ValueSet);

internal sealed record ClientCodeActionResolveOptions(string[] Properties);

internal sealed record CodeActionTagOptions(CodeActionTag[] ValueSet);

internal sealed record DiagnosticClientCapabilities
{
    public bool? DynamicRegistration { get; init; }

    public bool? RelatedDocumentSupport { get; init; }

    public bool? RelatedInformation { get; init; }

    public bool? CodeDescriptionSupport { get; init; }

    public bool? DataSupport { get; init; }
}

internal sealed record InlineCompletionClientCapabilities
{
    public bool? DynamicRegistration { get; init; }
}
