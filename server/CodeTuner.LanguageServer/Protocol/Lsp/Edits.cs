using System.Text.Json.Serialization;

namespace CodeTuner.LanguageServer.Protocol.Lsp;

internal sealed record TextEdit(Range Range, string NewText);

internal sealed record WorkspaceEdit
{
    /// <summary>Edits by document, for clients without <see cref="WorkspaceEditClientCapabilities.DocumentChanges"/>.</summary>
    public Dictionary<string, TextEdit[]>? Changes { get; init; }

    /// <summary>Edits and new files in the order they are made.</summary>
    public DocumentChange[]? DocumentChanges { get; init; }
}

/// <summary>One of <see cref="TextDocumentEdit"/> and <see cref="CreateFile"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TextDocumentEdit))]
[JsonDerivedType(typeof(CreateFile), "create")]
internal abstract record DocumentChange;

internal sealed record TextDocumentEdit(OptionalVersionedTextDocumentIdentifier TextDocument, TextEdit[] Edits) : DocumentChange;

/// <param name="Uri">The document.</param>
/// <param name="Version">The version the edit was made for, or null for what is on the disk.</param>
internal sealed record OptionalVersionedTextDocumentIdentifier(
    string Uri,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Version);

internal sealed record CreateFile(string Uri) : DocumentChange
{
    public CreateFileOptions? Options { get; init; }
}

internal sealed record CreateFileOptions
{
    public bool? Overwrite { get; init; }

    public bool? IgnoreIfExists { get; init; }
}

internal sealed record ApplyWorkspaceEditParams(WorkspaceEdit Edit)
{
    /// <summary>Names the edit in the undo list.</summary>
    public string? Label { get; init; }
}

internal sealed record ApplyWorkspaceEditResult(bool Applied)
{
    public string? FailureReason { get; init; }

    public uint? FailedChange { get; init; }
}
