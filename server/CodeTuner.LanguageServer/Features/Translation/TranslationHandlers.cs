using CodeTuner.Assist.Translation;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.LanguageServer.Protocol.JsonRpc;
using CodeTuner.LanguageServer.Scheduling;
using CodeTuner.LanguageServer.Workspaces;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.LanguageServer.Features.Translation;

/// <summary><c>codetuner/translate</c> and <c>codetuner/languages</c>.</summary>
internal sealed class TranslationHandlers(FolderSessions sessions, SessionServices services)
{
    /// <summary>The file in another language.</summary>
    public async Task<Protocol.Extensions.Translation> TranslateAsync(TranslateParams parameters, RequestContext context)
    {
        SourceFile file = SourceFile.Of(sessions, context.OpenDocument);
        Language target = LanguageTable.FromIdentifier(parameters.Language);
        if (target == Language.Unknown)
            throw new ResponseErrorException(ErrorCodes.InvalidParams, $"CodeTuner does not write {parameters.Language}. codetuner/languages lists what it does.");
        if (target == file.Language)
            throw new ResponseErrorException(ErrorCodes.RequestFailed, $"The file is in {target.DisplayName()} already. Choose another language.");
        TranslationRequest request = new(file.Path, file.Text, target) { Language = file.Language };
        await using ProgressBar bar = await services.Progress.BeginAsync(parameters.WorkDoneToken, $"Translating to {target.DisplayName()}");
        TranslationResult result = await file.Session.UseAsync(
            file.Session.Background,
            (model, stop) => new Translator(model, file.Session.Repository).Translate(request, p => bar.Report(null, (uint)(p.Share * 100)), stop),
            context.Cancelled);
        return new Protocol.Extensions.Translation(result.Text, parameters.Language, result.Path, result.IsCut)
        {
            Message = result.Text.Length == 0 ? "The model wrote nothing. A larger base, or a tune on code in both languages, would help."
                : result.IsCut ? "Parts of the file are missing in the translation: the model ran out of room or repeated itself there." : null,
        };
    }

    /// <summary>What a file can be translated to.</summary>
    public Task<LanguageList> LanguagesAsync(NoParams parameters, RequestContext context) =>
        Task.FromResult(new LanguageList([.. LanguageTable.All.Select(l => new LanguageItem(l.Identifier, l.DisplayName))]));
}
