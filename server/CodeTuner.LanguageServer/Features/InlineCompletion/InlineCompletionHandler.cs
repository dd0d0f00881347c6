using System.Text.Json;
using CodeTuner.Assist.Completion;
using CodeTuner.LanguageServer.Documents;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.LanguageServer.Protocol.Lsp;
using CodeTuner.LanguageServer.Scheduling;
using CodeTuner.LanguageServer.Workspaces;

namespace CodeTuner.LanguageServer.Features.InlineCompletion;

/// <summary><c>textDocument/inlineCompletion</c>, and what the client tells of the answers.</summary>
internal sealed class InlineCompletionHandler(FolderSessions sessions, SessionServices services)
{
    /// <summary>The command that an accepted item runs, with the completion's id.</summary>
    public const string AcceptedCommand = "codetuner.completionAccepted";

    /// <summary>What to show at the cursor; null for nothing.</summary>
    public async Task<InlineCompletionList?> CompleteAsync(InlineCompletionParams parameters, RequestContext context)
    {
        if (context.Document is not { } document || !services.Settings.Value.Completion.IsOn(document.LanguageId))
            return null;
        SourceFile file = SourceFile.Of(sessions, document);
        CompletionQuery query = new(file.Path, file.Text, document.OffsetAt(parameters.Position))
        {
            IsExplicit = parameters.Context.TriggerKind == InlineCompletionTriggerKind.Invoked,
            Selected = Selected(document, parameters.Context.SelectedCompletionInfo),
        };
        FolderCompletions completions = file.Session.Completions;
        if (await completions.AskAsync(query, context.Cancelled) is not { } answer)
            return null;
        string id = completions.WireId(answer.Id);
        Command accepted = new("Completion accepted", AcceptedCommand) { Arguments = [JsonSerializer.SerializeToElement(id, LspJsonContext.Default.String)] };
        Range range = document.Encoding.RangeOf(document.Text, answer.Start, answer.End);
        return new InlineCompletionList([new InlineCompletionItem(answer.Text) { Range = range, Command = accepted }]);
    }

    /// <summary>The command <see cref="AcceptedCommand"/>.</summary>
    public Task<JsonElement?> AcceptedAsync(JsonElement[] arguments, RequestContext context)
    {
        if (arguments is [{ ValueKind: JsonValueKind.String } id] && Of(id.GetString()!) is var (completions, own))
            completions.Accepted(own);
        return Task.FromResult<JsonElement?>(null);
    }

    /// <summary><c>codetuner/didShowCompletion</c>.</summary>
    public void Shown(ShownCompletionParams parameters)
    {
        if (Of(parameters.Id) is var (completions, id))
            completions.Shown(id);
    }

    private (FolderCompletions Completions, string Id)? Of(string wireId)
    {
        foreach (FolderSession session in sessions.AllWithLoose)
        {
            if (session.Completions.OwnId(wireId) is { } id)
                return (session.Completions, id);
        }

        return null;
    }

    private static SelectedCompletion? Selected(Document document, SelectedCompletionInfo? info)
    {
        if (info is null)
            return null;
        (int start, int end) = document.Encoding.OffsetsOf(document.Text, info.Range);
        return new SelectedCompletion(start, end, info.Text);
    }
}
