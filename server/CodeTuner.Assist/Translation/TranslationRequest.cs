using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Translation;

/// <summary>What is to be translated.</summary>
/// <param name="Path">The source file's path from the workspace's root.</param>
/// <param name="Text">Its text.</param>
/// <param name="Target">The language to translate to.</param>
public sealed record TranslationRequest(string Path, string Text, Language Target)
{
    /// <summary>The source's language: by its path, unless the editor knows better.</summary>
    public Language Language { get; init; } = LanguageTable.Of(Path, Text);
}

/// <summary>How far a translation is.</summary>
/// <param name="Share">From 0 to 1; never falls.</param>
/// <param name="Text">What is written so far.</param>
public sealed record TranslationProgress(double Share, string Text);

/// <summary>A translated file.</summary>
/// <param name="Path">The suggested path: beside the source, named by the target language's custom.</param>
/// <param name="Text">The text with the source's line ends, ended by one; empty where the model wrote nothing.</param>
/// <param name="IsCut">Whether something is missing: a piece ran out of tokens, went round in circles, or gave nothing.</param>
public sealed record TranslationResult(string Path, string Text, bool IsCut);
