using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline.Lexing;

namespace CodeTuner.Workspace.Outline;

/// <summary>A comment in a document.</summary>
/// <param name="Span">Where it stands, its marks included and its line's end excluded.</param>
/// <param name="IsBlock">Whether it has an opening and a closing mark.</param>
public readonly record struct Remark(TextSpan Span, bool IsBlock);

/// <summary>The places of a document that hold words for people rather than code: comments and strings.</summary>
public static class Remarks
{
    /// <summary>The comments of a document, doc comments included, in its order.</summary>
    /// <param name="language">The language; <see cref="Language.Unknown"/> gives none.</param>
    /// <param name="text">The whole document.</param>
    public static IReadOnlyList<Remark> Comments(Language language, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return language == Language.Unknown
            ? []
            : [.. LexedText.Of(language, text).All.Where(t => t.IsComment).Select(t => new Remark(WithoutLineEnd(text, t), t.Kind == TokenKind.BlockComment))];
    }

    /// <summary>The strings, character literals and texts of templates and JSX in a document or in a piece of one, quotes included.</summary>
    /// <param name="language">The language; <see cref="Language.Unknown"/> gives none.</param>
    /// <param name="text">The code.</param>
    public static IReadOnlyList<TextSpan> Strings(Language language, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return language == Language.Unknown
            ? []
            : [.. LexedText.Of(language, text).All.Where(IsString).Select(t => new TextSpan(t.Start, t.End))];
    }

    private static bool IsString(Token token) => token.Kind is TokenKind.String or TokenKind.TemplateHead or TokenKind.TemplateMiddle
        or TokenKind.TemplateTail or TokenKind.Regex or TokenKind.JsxText;

    private static TextSpan WithoutLineEnd(string text, Token token)
    {
        int end = token.End;
        while (end > token.Start && text[end - 1] is '\r' or '\n')
            end--;
        return new TextSpan(token.Start, end);
    }
}
