using CodeTuner.Assist.Generation;
using CodeTuner.Assist.Summary;
using CodeTuner.Assist.Text;
using CodeTuner.LanguageServer.Documents;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.LanguageServer.Scheduling;
using CodeTuner.LanguageServer.Workspaces;

namespace CodeTuner.LanguageServer.Features.Generation;

/// <summary><c>codetuner/generateFromComment</c> and <c>codetuner/summarize</c>: text that is put into the document.</summary>
internal sealed class GenerationHandlers(FolderSessions sessions, SessionServices services)
{
    /// <summary>The code that a comment asks for.</summary>
    public async Task<GeneratedEdit> GenerateAsync(PlaceParams parameters, RequestContext context)
    {
        (Document document, SourceFile file, int offset) = Place(parameters, context);
        GenerationRequest request = new(file.Path, file.Text, offset) { Language = file.Language };
        await using ProgressBar bar = await services.Progress.BeginAsync(parameters.WorkDoneToken, "Writing code from the comment");
        GenerationOutcome outcome = await file.Session.UseAsync(
            file.Session.Assist,
            (model, stop) => new CommentGenerator(model, file.Session.Repository).Generate(
                request, file.Session.Completions.Context.Find(file.Path, file.Language, file.Text[..offset], file.Text[offset..]), stop),
            context.Cancelled);
        return outcome.Code is { } code ? Edit(document, code.Edit) : new GeneratedEdit { Message = Words(outcome.Reason, document) };
    }

    /// <summary>A doc comment above the declaration.</summary>
    public async Task<GeneratedEdit> SummarizeAsync(PlaceParams parameters, RequestContext context)
    {
        (Document document, SourceFile file, int offset) = Place(parameters, context);
        SummaryRequest request = new(file.Path, file.Text, offset) { Language = file.Language };
        if (SummaryTarget.Find(request) is not { } target)
            return new GeneratedEdit { Message = "There is no function or type here. Put the cursor on one." };
        if (target.IsDocumented)
            return new GeneratedEdit { Message = $"{target.Node.Name} has a doc comment already." };
        await using ProgressBar bar = await services.Progress.BeginAsync(parameters.WorkDoneToken, $"Summarizing {target.Node.Name}");
        DeclarationSummary? summary = await file.Session.UseAsync(
            file.Session.Assist, (model, stop) => new SummaryEngine(model, file.Session.Repository).Summarize(request, target, stop), context.Cancelled);
        return summary?.Insertion is { } edit
            ? Edit(document, edit)
            : new GeneratedEdit { Message = $"The model found nothing to say about {target.Node.Name} that it is sure enough of." };
    }

    private (Document Document, SourceFile File, int Offset) Place(PlaceParams parameters, RequestContext context)
    {
        Document document = context.OpenDocument;
        return (document, SourceFile.Of(sessions, document), document.OffsetAt(parameters.Position));
    }

    private static GeneratedEdit Edit(Document document, DocumentEdit edit) => new()
    {
        Edit = new TextEdit(document.Encoding.RangeOf(document.Text, edit.Span.Start, edit.Span.End), edit.Text), Version = document.Version,
    };

    private static string Words(NoCodeReason reason, Document document) => reason switch
    {
        NoCodeReason.UnknownLanguage => $"CodeTuner does not write {document.LanguageId} yet.",
        NoCodeReason.NotAComment => "There is no comment here. Put the cursor in a comment that says what the code should do, or on the line under it.",
        NoCodeReason.BehindCode => "This comment stands behind code. Put the cursor in a comment on a line of its own.",
        _ => "The model has nothing to add under this comment. Say more in the comment, or tune on this workspace first.",
    };
}
