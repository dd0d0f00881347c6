using CodeTuner.Workspace.History;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Review;

/// <summary>What is to be reviewed.</summary>
/// <param name="Path">The file's path from the workspace's root.</param>
/// <param name="Text">The whole document as it is now.</param>
/// <param name="ChangedLines">
/// The lines to judge, counted from 0; where they are many, the most recently changed first. Ranges outside the document are ignored.
/// </param>
public sealed record ReviewRequest(string Path, string Text, IReadOnlyList<LineRange> ChangedLines)
{
    /// <summary>The document's language: by its path, unless the editor knows better.</summary>
    public Language Language { get; init; } = LanguageTable.Of(Path, Text);
}
