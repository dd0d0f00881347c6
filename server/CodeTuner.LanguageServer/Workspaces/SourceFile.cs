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
    /// <summary>A document's language: what the editor says, or what the path does, and the text where it is given.</summary>
    public static Language LanguageOf(Document document, string path, string? text = null)
    {
        Language language = LanguageTable.FromIdentifier(document.LanguageId);
        return language == Language.Unknown ? LanguageTable.Of(path, text) : language;
    }

    /// <summary>An open document in its folder.</summary>
    public static SourceFile Of(FolderSessions sessions, Document document)
    {
        (FolderSession session, string path) = sessions.Place(document.Uri);
        string text = document.Text.ToString();
        return new(session, path, LanguageOf(document, path, text), text);
    }
}
