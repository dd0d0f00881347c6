namespace CodeTuner.LanguageServer.Protocol.Lsp;

internal sealed record InlineCompletionParams(TextDocumentIdentifier TextDocument, Position Position, InlineCompletionContext Context)
    : ITextDocumentParams
{
    public JsonRpc.IntegerOrString? WorkDoneToken { get; init; }
}

internal sealed record InlineCompletionContext(InlineCompletionTriggerKind TriggerKind)
{
    /// <summary>What the completion list has selected, which the inline completion must begin with.</summary>
    public SelectedCompletionInfo? SelectedCompletionInfo { get; init; }
}

internal enum InlineCompletionTriggerKind
{
    /// <summary>By a key.</summary>
    Invoked = 1,

    /// <summary>By typing.</summary>
    Automatic = 2,
}

internal sealed record SelectedCompletionInfo(Range Range, string Text);

internal sealed record InlineCompletionList(InlineCompletionItem[] Items);

internal sealed record InlineCompletionItem(string InsertText)
{
    public string? FilterText { get; init; }

    /// <summary>What <see cref="InsertText"/> replaces; null inserts at the cursor.</summary>
    public Range? Range { get; init; }

    /// <summary>Run by the client when the item is accepted.</summary>
    public Command? Command { get; init; }
}
