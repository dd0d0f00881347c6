using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Lexing;

/// <summary>The names in a piece of code.</summary>
public static class Identifiers
{
    /// <summary>Every name, in order and as often as it stands there; keywords, strings and comments excluded.</summary>
    public static IEnumerable<string> Of(Language language, string text) =>
        Lexer.Tokens(language, text)
            .Where(t => t.Kind == TokenKind.Word && !Keywords.Contains(language, t.In(text)))
            .Select(t => t.In(text).ToString());
}
