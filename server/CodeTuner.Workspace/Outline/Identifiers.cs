using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline.Lexing;

namespace CodeTuner.Workspace.Outline;

/// <summary>The names that a piece of code uses, for measures such as identifier F1.</summary>
public static class Identifiers
{
    /// <summary>Reads the identifiers of a document or of any piece of one.</summary>
    /// <param name="language">The language, which decides the keywords.</param>
    /// <param name="text">The code.</param>
    /// <returns>Every identifier in order, repeats included; keywords, strings, comments and preprocessor lines left out.</returns>
    public static IReadOnlyList<string> Of(Language language, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new List<string>();
        foreach (var token in language == Language.CSharp ? CSharpLexer.Run(text) : Lexer.Run(language, text))
        {
            if (token.Kind == TokenKind.Identifier)
                found.Add(text[token.Start..token.End]);
        }

        return found;
    }
}
