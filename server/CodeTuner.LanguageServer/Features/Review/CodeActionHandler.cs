using System.Text.Json;
using CodeTuner.Assist.Review;
using CodeTuner.LanguageServer.Documents;
using CodeTuner.LanguageServer.Lifecycle;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.LanguageServer.Scheduling;

namespace CodeTuner.LanguageServer.Features.Review;

/// <summary><c>textDocument/codeAction</c> for suggestions of the review: take the model's line, or never see it again.</summary>
internal sealed class CodeActionHandler(ReviewBoard board, LanguageClient client)
{
    /// <summary>The command that dismisses.</summary>
    public const string DismissCommand = "codetuner.dismissSuggestion";

    private const int LongestTitle = 60;

    /// <summary>The actions for a range.</summary>
    public Task<CodeAction[]?> ActAsync(CodeActionParams parameters, RequestContext context)
    {
        bool wanted = parameters.Context.Only is null || parameters.Context.Only.Any(k => k.Length == 0 || k == CodeActionKind.QuickFix);
        if (context.Document is not { } document || !wanted)
            return Task.FromResult<CodeAction[]?>(null);
        (int start, int end) = document.Encoding.OffsetsOf(document.Text, parameters.Range);
        int first = document.Text.LineAt(start), last = document.Text.LineAt(end);
        CodeAction[] actions = [.. board.For(document).Where(s => s.Lines.Start >= first && s.Lines.Start <= last).SelectMany(s => Of(document, s))];
        return Task.FromResult<CodeAction[]?>(actions);
    }

    /// <summary>The command <see cref="DismissCommand"/>.</summary>
    public async Task<JsonElement?> DismissAsync(JsonElement[] arguments, RequestContext context)
    {
        try
        {
            if (arguments is not [{ } argument] || argument.Deserialize(ExtensionsJsonContext.Default.DismissParams) is not { } parameters)
                throw new JsonException();
            await board.DismissAsync(parameters.Uri, parameters.Fingerprint);
            return null;
        }
        catch (JsonException)
        {
            throw new ResponseErrorException(ErrorCodes.InvalidParams, $"{DismissCommand} wants one argument, {{uri, fingerprint}}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ResponseErrorException(ErrorCodes.RequestFailed, $"The dismissal holds until the editor is closed, but could not be written down: {e.Message}");
        }
    }

    private IEnumerable<CodeAction> Of(Document document, ReviewSuggestion suggestion)
    {
        Diagnostic[] diagnostics = [DiagnosticHandler.Of(document, suggestion)];
        int line = suggestion.Lines.Start;
        Range range = document.Encoding.RangeOf(document.Text, document.Text.LineStart(line), document.Text.LineEnd(line));
        yield return new CodeAction($"Replace with: {Short(suggestion.Replacement.Trim())}")
        {
            Kind = CodeActionKind.QuickFix, Diagnostics = diagnostics, Tags = TagsSupported ? [CodeActionTag.LLMGenerated] : null,
            Edit = Edit(document, new TextEdit(range, suggestion.Replacement)),
        };
        DismissParams dismissed = new(document.Uri, suggestion.Fingerprint);
        yield return new CodeAction("Dismiss this suggestion for good")
        {
            Kind = CodeActionKind.QuickFix, Diagnostics = diagnostics,
            Command = new Command("Dismiss", DismissCommand) { Arguments = [JsonSerializer.SerializeToElement(dismissed, ExtensionsJsonContext.Default.DismissParams)] },
        };
    }

    private bool TagsSupported => client.Capabilities.TextDocument?.CodeAction?.TagSupport?.ValueSet.Contains(CodeActionTag.LLMGenerated) ?? false;

    private WorkspaceEdit Edit(Document document, TextEdit edit) => client.Capabilities.Workspace?.WorkspaceEdit?.DocumentChanges == true
        ? new WorkspaceEdit { DocumentChanges = [new TextDocumentEdit(new OptionalVersionedTextDocumentIdentifier(document.Uri, document.Version), [edit])] }
        : new WorkspaceEdit { Changes = new() { [document.Uri] = [edit] } };

    private static string Short(string text) => text.Length <= LongestTitle ? text : text[..(char.IsHighSurrogate(text[LongestTitle - 1]) ? LongestTitle - 1 : LongestTitle)] + "…";
}
