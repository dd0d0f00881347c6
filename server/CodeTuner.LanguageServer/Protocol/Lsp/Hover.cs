namespace CodeTuner.LanguageServer.Protocol.Lsp;

internal sealed record HoverParams(TextDocumentIdentifier TextDocument, Position Position) : ITextDocumentParams
{
    public JsonRpc.IntegerOrString? WorkDoneToken { get; init; }
}

internal sealed record Hover(MarkupContent Contents)
{
    /// <summary>What the client highlights.</summary>
    public Range? Range { get; init; }
}

/// <param name="Kind">See <see cref="MarkupKind"/>.</param>
/// <param name="Value">The text.</param>
internal sealed record MarkupContent(string Kind, string Value);

internal static class MarkupKind
{
    public const string PlainText = "plaintext";
    public const string Markdown = "markdown";
}
