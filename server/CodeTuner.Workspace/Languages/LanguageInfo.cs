namespace CodeTuner.Workspace.Languages;

/// <summary>What CodeTuner knows about a language, apart from its grammar.</summary>
/// <param name="Language">The language.</param>
/// <param name="Identifier">The VS Code language identifier; the one without JSX where there are two.</param>
/// <param name="DisplayName">The name to show to a person.</param>
/// <param name="Extensions">The file extensions, lower case with the dot, the commonest first.</param>
/// <param name="FileNames">Whole file names that mean this language whatever their extension.</param>
/// <param name="Interpreters">Program names in a <c>#!</c> line that mean this language.</param>
/// <param name="Comments">How comments are written.</param>
public sealed record LanguageInfo(
    Language Language,
    string Identifier,
    string DisplayName,
    IReadOnlyList<string> Extensions,
    IReadOnlyList<string> FileNames,
    IReadOnlyList<string> Interpreters,
    CommentSyntax Comments);
