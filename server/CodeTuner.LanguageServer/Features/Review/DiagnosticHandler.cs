using System.Text.Json;
using CodeTuner.Assist.Review;
using CodeTuner.LanguageServer.Documents;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.LanguageServer.Scheduling;
using CodeTuner.LanguageServer.Workspaces;

namespace CodeTuner.LanguageServer.Features.Review;

/// <summary><c>textDocument/diagnostic</c> and <c>codetuner/review</c>.</summary>
internal sealed class DiagnosticHandler(ReviewBoard board, SessionServices services)
{
    /// <summary>What the diagnostics' <c>source</c> says.</summary>
    public const string Source = "CodeTuner";

    /// <summary>The diagnostics of a document as it is now; what is not worked out yet comes with a refresh.</summary>
    public Task<DocumentDiagnosticReport> DiagnoseAsync(DocumentDiagnosticParams parameters, RequestContext context)
    {
        Diagnostic[] items = context.Document is { } document ? [.. board.For(document).Select(s => Of(document, s))] : [];
        return Task.FromResult<DocumentDiagnosticReport>(new RelatedFullDocumentDiagnosticReport(items));
    }

    /// <summary>Reviews a document now, because the user asks.</summary>
    public async Task<ReviewResult> ReviewAsync(ReviewParams parameters, RequestContext context)
    {
        Document document = context.OpenDocument;
        if (!services.Trust.IsTrusted)
            throw new ResponseErrorException(ErrorCodes.RequestFailed, "This workspace is not trusted, so git is not run to find the changed lines. Trust it first.");
        await using ProgressBar bar = await services.Progress.BeginAsync(parameters.WorkDoneToken, "Reviewing the changed lines");
        return new ReviewResult(await board.ReviewAsync(document, context.Cancelled));
    }

    /// <summary>A suggestion as a diagnostic.</summary>
    public static Diagnostic Of(Document document, ReviewSuggestion suggestion) => new(RangeOf(document, suggestion), suggestion.Reason)
    {
        Severity = DiagnosticSeverity.Information,
        Source = Source,
        Code = new("unusual-line"),
        Data = JsonSerializer.SerializeToElement(suggestion.Fingerprint, LspJsonContext.Default.String),
    };

    /// <summary>The suggestion's line without its indentation.</summary>
    public static Range RangeOf(Document document, ReviewSuggestion suggestion)
    {
        int line = suggestion.Lines.Start;
        string text = document.Text.Line(line);
        int start = document.Text.LineStart(line);
        return document.Encoding.RangeOf(document.Text, start + text.Length - text.TrimStart().Length, start + text.TrimEnd().Length);
    }
}
