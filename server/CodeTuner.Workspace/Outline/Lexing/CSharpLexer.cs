using CodeTuner.Workspace.Languages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CodeTuner.Workspace.Outline.Lexing;

/// <summary>Turns Roslyn's tokens and trivia into <see cref="Token"/>s, so that what works on tokens works on C# too.</summary>
internal static class CSharpLexer
{
    public static List<Token> Run(string text)
    {
        if (CSharpSource.NestsTooDeep(text))
            return Lexer.Run(Language.CSharp, text);
        var tokens = new List<Token>(text.Length / 5 + 16);
        var newLine = true;
        foreach (var token in SyntaxFactory.ParseTokens(text, options: CSharpSource.Options))
        {
            AddTrivia(token.LeadingTrivia, tokens, ref newLine);
            if (token.Span.Length > 0)
                Add(tokens, KindOf(token, text), token.Span.Start, token.Span.End, text, ref newLine);
            AddTrivia(token.TrailingTrivia, tokens, ref newLine);
        }

        return tokens;

        void AddTrivia(SyntaxTriviaList list, List<Token> into, ref bool newLine)
        {
            foreach (var trivia in list)
            {
                switch (trivia.Kind())
                {
                    case SyntaxKind.EndOfLineTrivia:
                        newLine = true;
                        break;
                    case SyntaxKind.SingleLineCommentTrivia:
                        Add(into, TokenKind.LineComment, trivia.Span.Start, trivia.Span.End, text, ref newLine);
                        break;
                    case SyntaxKind.MultiLineCommentTrivia:
                        Add(into, TokenKind.BlockComment, trivia.Span.Start, trivia.Span.End, text, ref newLine);
                        newLine |= text.AsSpan(trivia.Span.Start, trivia.Span.Length).Contains('\n');
                        break;
                    case var kind when trivia.IsDirective || kind == SyntaxKind.DisabledTextTrivia:
                        Add(into, TokenKind.Directive, trivia.Span.Start, trivia.Span.End, text, ref newLine);
                        newLine = true;
                        break;
                }
            }
        }
    }

    private static void Add(List<Token> tokens, TokenKind kind, int start, int end, string text, ref bool newLine)
    {
        var symbol = '\0';
        if (kind == TokenKind.Punctuation)
        {
            var (length, read) = Symbols.Read(text, start);
            symbol = length == end - start ? read : end - start == 1 ? text[start] : Symbols.CompoundAssignment;
        }

        tokens.Add(new Token(start, end, kind, symbol, newLine ? TokenFlags.NewLineBefore : TokenFlags.None));
        newLine = false;
    }

    private static TokenKind KindOf(SyntaxToken token, string text) => token.Kind() switch
    {
        SyntaxKind.IdentifierToken => LanguageSyntax.Of(Language.CSharp).IsKeyword(text.AsSpan(token.Span.Start, token.Span.Length))
            ? TokenKind.Keyword
            : TokenKind.Identifier,
        SyntaxKind.NumericLiteralToken => TokenKind.Number,
        SyntaxKind.BadToken => TokenKind.Unknown,
        var kind when SyntaxFacts.IsKeywordKind(kind) => TokenKind.Keyword,
        var kind when SyntaxFacts.IsPunctuation(kind) && kind is not
            (SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken) => TokenKind.Punctuation,
        _ => TokenKind.String,
    };
}
