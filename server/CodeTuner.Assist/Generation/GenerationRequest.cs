using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Generation;

/// <summary>Where code is wanted from a comment.</summary>
/// <param name="Path">The file's path from the workspace's root.</param>
/// <param name="Text">The whole document.</param>
/// <param name="Offset">A UTF-16 position in the comment, behind it on its line, or on the blank line under it.</param>
public sealed record GenerationRequest(string Path, string Text, int Offset)
{
    /// <summary>The document's language: by its path, unless the editor knows better.</summary>
    public Language Language { get; init; } = LanguageTable.Of(Path, Text);
}
