using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Summary;

/// <summary>Where a summary is wanted.</summary>
/// <param name="Path">The file's path from the workspace's root.</param>
/// <param name="Text">The whole document.</param>
/// <param name="Offset">A UTF-16 position in it; one outside is moved to the nearest end.</param>
public sealed record SummaryRequest(string Path, string Text, int Offset)
{
    /// <summary>The document's language: by its path, unless the editor knows better.</summary>
    public Language Language { get; init; } = LanguageTable.Of(Path, Text);
}
