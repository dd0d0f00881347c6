using System.Collections.Concurrent;
using CodeTuner.LanguageServer.Logging;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Documents;

/// <summary>
/// The documents that the editor has open. Changed only by the loop that reads messages, so in the client's order;
/// read from anywhere.
/// </summary>
internal sealed class OpenDocuments(ServerLog log)
{
    private readonly ConcurrentDictionary<string, Document> _documents = new(StringComparer.Ordinal);

    /// <summary>Set before the first document opens.</summary>
    public PositionEncoding Encoding { get; set; } = PositionEncoding.Utf16;

    /// <summary>A document was opened or changed. Called in order; must return soon.</summary>
    public event Action<Document>? Changed;

    /// <summary>A document was opened; <see cref="Changed"/> was told of it too.</summary>
    public event Action<Document>? Opened;

    /// <summary>A document was saved as it is here.</summary>
    public event Action<Document>? Saved;

    /// <summary>A document was closed; this is how it last was.</summary>
    public event Action<Document>? Closed;

    /// <summary>All that are open.</summary>
    public ICollection<Document> All => _documents.Values;

    /// <summary>The document as it is now, or null where it is not open.</summary>
    public Document? Find(string uri) => _documents.GetValueOrDefault(uri);

    /// <summary><c>textDocument/didOpen</c>.</summary>
    public void Open(DidOpenTextDocumentParams parameters)
    {
        TextDocumentItem item = parameters.TextDocument;
        Document document = new(item.Uri, item.LanguageId, item.Version, new DocumentText(item.Text), Encoding);
        Set(document);
        Opened?.Invoke(document);
    }

    /// <summary><c>textDocument/didChange</c>.</summary>
    public void Change(DidChangeTextDocumentParams parameters)
    {
        if (Find(parameters.TextDocument.Uri) is not { } document)
            log.Warning("A document changed that is not open; the change is left out.");
        else
            Set(document.With(parameters.TextDocument.Version, parameters.ContentChanges));
    }

    /// <summary><c>textDocument/didSave</c>.</summary>
    public void Save(DidSaveTextDocumentParams parameters)
    {
        if (Find(parameters.TextDocument.Uri) is { } document)
            Saved?.Invoke(document);
    }

    /// <summary><c>textDocument/didClose</c>.</summary>
    public void Close(DidCloseTextDocumentParams parameters)
    {
        if (_documents.TryRemove(parameters.TextDocument.Uri, out Document? document))
            Closed?.Invoke(document);
    }

    private void Set(Document document)
    {
        _documents[document.Uri] = document;
        Changed?.Invoke(document);
    }
}
