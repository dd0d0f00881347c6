using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Protocol.Extensions;

/// <summary>A place in a document, of a request that may take a while.</summary>
internal sealed record PlaceParams(TextDocumentIdentifier TextDocument, Position Position) : ITextDocumentParams
{
    public IntegerOrString? WorkDoneToken { get; init; }
}

internal sealed record ReviewParams(TextDocumentIdentifier TextDocument) : ITextDocumentParams
{
    public IntegerOrString? WorkDoneToken { get; init; }
}

internal sealed record ReviewResult(int Suggestions);

/// <param name="TextDocument">What to translate.</param>
/// <param name="Language">The LSP id of the language to translate to.</param>
internal sealed record TranslateParams(TextDocumentIdentifier TextDocument, string Language) : ITextDocumentParams
{
    public IntegerOrString? WorkDoneToken { get; init; }
}

internal sealed record GeneratedEdit
{
    /// <summary>Null where there is nothing to insert; <see cref="Message"/> says why.</summary>
    public TextEdit? Edit { get; init; }

    /// <summary>The version of the document that the edit is for.</summary>
    public int? Version { get; init; }

    public string? Message { get; init; }
}

internal sealed record Translation(string Text, string LanguageId, string FileName, bool Truncated)
{
    public string? Message { get; init; }
}

internal sealed record LanguageList(LanguageItem[] Languages);

internal sealed record LanguageItem(string Id, string Name);
