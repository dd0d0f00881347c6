using CodeTuner.LanguageServer.Documents;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.LanguageServer.Workspaces;

/// <summary>A document as the engines see it.</summary>
/// <param name="Session">Its folder's session.</param>
/// <param name="Path">Its path from the folder's root, with forward slashes.</param>
/// <param name="Language">Its language: what the editor says, or what the path does.</param>
/// <param name="Text">Its whole text.</param>
internal sealed record SourceFile(FolderSession Session, string Path, Language Language, string Text)
{
    /// <summary>An open document in its folder.</summary>
    public static SourceFile Of(FolderSessions sessions, Document document)
    {
        FolderSession session = sessions.Of(document.Uri);
        string path = FolderSessions.RelativePath(session, document.Uri), text = document.Text.ToString();
        Language language = LanguageTable.FromIdentifier(document.LanguageId);
        return new(session, path, language == Language.Unknown ? LanguageTable.Of(path, text) : language, text);
    }
}
