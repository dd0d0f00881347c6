using System.Text.Json;
using System.Text.Json.Serialization;
using CodeTuner.LanguageServer.Protocol.JsonRpc;

namespace CodeTuner.LanguageServer.Protocol.Lsp;

internal sealed record DocumentDiagnosticParams(TextDocumentIdentifier TextDocument) : ITextDocumentParams
{
    public IntegerOrString? WorkDoneToken { get; init; }

    public IntegerOrString? PartialResultToken { get; init; }

    public string? Identifier { get; init; }

    /// <summary>The <see cref="RelatedFullDocumentDiagnosticReport.ResultId"/> that the client still shows.</summary>
    public string? PreviousResultId { get; init; }
}

/// <summary>Either all of a document's diagnostics, or that they are as before.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RelatedFullDocumentDiagnosticReport), "full")]
[JsonDerivedType(typeof(RelatedUnchangedDocumentDiagnosticReport), "unchanged")]
internal abstract record DocumentDiagnosticReport;

internal sealed record RelatedFullDocumentDiagnosticReport(Diagnostic[] Items) : DocumentDiagnosticReport
{
    public string? ResultId { get; init; }
}

internal sealed record RelatedUnchangedDocumentDiagnosticReport(string ResultId) : DocumentDiagnosticReport;

internal sealed record Diagnostic(Range Range, [property: JsonConverter(typeof(DiagnosticMessageConverter))] string Message)
{
    public DiagnosticSeverity? Severity { get; init; }

    public IntegerOrString? Code { get; init; }

    public string? Source { get; init; }

    public DiagnosticTag[]? Tags { get; init; }

    /// <summary>Comes back with the code action request.</summary>
    public JsonElement? Data { get; init; }
}

/// <summary>
/// Writes a string and reads a <see cref="MarkupContent"/> too, as its text: LSP 3.18 lets a message be either,
/// and a code action request brings the diagnostics of other servers.
/// </summary>
internal sealed class DiagnosticMessageConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => JsonText.Read(ref reader),
        JsonTokenType.StartObject => JsonSerializer.Deserialize(ref reader, LspJsonContext.Default.MarkupContent)!.Value,
        _ => throw new JsonException("Expected a string or a MarkupContent."),
    };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

internal enum DiagnosticSeverity
{
    Error = 1,
    Warning = 2,
    Information = 3,
    Hint = 4,
}

internal enum DiagnosticTag
{
    Unnecessary = 1,
    Deprecated = 2,
}
