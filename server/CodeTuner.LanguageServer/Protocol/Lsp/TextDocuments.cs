namespace CodeTuner.LanguageServer.Protocol.Lsp;

/// <summary>Parameters that are about one document: its version is looked at before the answer is sent.</summary>
internal interface ITextDocumentParams
{
    TextDocumentIdentifier TextDocument { get; }
}

internal sealed record TextDocumentIdentifier(string Uri);

internal sealed record VersionedTextDocumentIdentifier(string Uri, int Version);

internal sealed record TextDocumentItem(string Uri, string LanguageId, int Version, string Text);

internal sealed record DidOpenTextDocumentParams(TextDocumentItem TextDocument);

internal sealed record DidChangeTextDocumentParams(
    VersionedTextDocumentIdentifier TextDocument, TextDocumentContentChangeEvent[] ContentChanges);

/// <summary>Either of LSP's two changes: without <see cref="Range"/> the text is the whole document's.</summary>
internal sealed record TextDocumentContentChangeEvent(string Text)
{
    public Range? Range { get; init; }
}

internal sealed record DidCloseTextDocumentParams(TextDocumentIdentifier TextDocument);

internal sealed record DidSaveTextDocumentParams(TextDocumentIdentifier TextDocument)
{
    /// <summary>There only where the server asked for it.</summary>
    public string? Text { get; init; }
}
