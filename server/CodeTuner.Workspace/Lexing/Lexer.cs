using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Lexing;

/// <summary>
/// Cuts source code of any of the languages into tokens. It never fails: what it cannot make sense of is a symbol,
/// and what is not closed ends with the line or the text. The time is linear in the text.
/// </summary>
public static class Lexer
{
    /// <summary>The tokens of a text, in order; white space is left out.</summary>
    public static List<Token> Tokens(Language language, string text)
    {
        List<Token> tokens = new(text.Length / 4);
        int at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            Token token = Next(language, text, at, tokens);
            tokens.Add(token);
            at = token.End;
        }

        return tokens;
    }

    private static Token Next(Language language, string text, int at, List<Token> before)
    {
        char c = text[at], next = at + 1 < text.Length ? text[at + 1] : '\0';
        bool python = language == Language.Python;
        if (python ? c == '#' : c == '/' && next == '/')
            return new Token(TokenKind.Comment, at, LineEnd(text, at));
        if (!python && c == '/' && next == '*')
            return BlockComment(text, at, nested: language == Language.Rust);
        if (c == '#' && language is Language.C or Language.Cpp or Language.CSharp && IsFirstOnLine(text, at))
            return new Token(TokenKind.Directive, at, ContinuedLineEnd(text, at));
        if (Literals.TryRead(language, text, at, before, out Token literal))
            return literal;
        if (char.IsLetter(c) || c is '_' or '$' || c == '@' && language == Language.CSharp && char.IsLetter(next))
            return new Token(TokenKind.Word, at, WordEnd(text, at + 1));
        if (char.IsAsciiDigit(c))
            return new Token(TokenKind.Number, at, NumberEnd(text, at));
        TokenKind kind = c is '(' or '[' or '{' ? TokenKind.Open : c is ')' or ']' or '}' ? TokenKind.Close : TokenKind.Symbol;
        return new Token(kind, at, at + (char.IsSurrogatePair(c, next) ? 2 : 1));
    }

    private static int LineEnd(string text, int at)
    {
        int end = text.IndexOf('\n', at);
        return end < 0 ? text.Length : end > at && text[end - 1] == '\r' ? end - 1 : end;
    }

    // A directive goes on where a line ends in a backslash.
    private static int ContinuedLineEnd(string text, int at)
    {
        int end = LineEnd(text, at);
        while (end > at && end < text.Length && text[end - 1] == '\\')
            end = LineEnd(text, Math.Min(text.Length, text.IndexOf('\n', end) + 1));
        return end;
    }

    private static bool IsFirstOnLine(string text, int at)
    {
        for (int i = at - 1; i >= 0 && text[i] != '\n'; i--)
        {
            if (!char.IsWhiteSpace(text[i]))
                return false;
        }

        return true;
    }

    private static Token BlockComment(string text, int at, bool nested)
    {
        int depth = 1, i = at + 2;
        while (i < text.Length)
        {
            if (text[i] == '*' && i + 1 < text.Length && text[i + 1] == '/')
            {
                i += 2;
                if (--depth == 0)
                    return new Token(TokenKind.Comment, at, i);
            }
            else if (nested && text[i] == '/' && i + 1 < text.Length && text[i + 1] == '*')
            {
                depth++;
                i += 2;
            }
            else
            {
                i++;
            }
        }

        return new Token(TokenKind.Comment, at, text.Length, IsClosed: false);
    }

    private static int WordEnd(string text, int at)
    {
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '$'))
            at++;
        return at;
    }

    private static int NumberEnd(string text, int at)
    {
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '.'))
        {
            // "1..2" and "1.method()" are not one number
            if (text[at] == '.' && !(at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
                break;
            at++;
        }

        return at;
    }
}
