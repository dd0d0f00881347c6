using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Outline.Lexing;

/// <summary>
/// Splits a text of any of the languages but C# into tokens. It takes any text: what it cannot read becomes an
/// <see cref="TokenKind.Unknown"/> or unclosed token, every step moves forward, and no step looks back.
/// </summary>
internal sealed partial class Lexer
{
    private readonly string text;
    private readonly Language language;
    private readonly LanguageSyntax syntax;
    private readonly List<Token> tokens;
    private int position;
    private bool newLine = true;

    private Lexer(Language language, string text)
    {
        this.language = language;
        this.text = text;
        syntax = LanguageSyntax.Of(language);
        tokens = new List<Token>(text.Length / 5 + 16);
    }

    /// <summary>The tokens of <paramref name="text"/>, comments and directives included, in order.</summary>
    public static List<Token> Run(Language language, string text)
    {
        var lexer = new Lexer(language, text);
        lexer.ReadAll();
        return lexer.tokens;
    }

    private char Peek(int offset = 1) => position + offset < text.Length ? text[position + offset] : '\0';

    private void ReadAll()
    {
        while (position < text.Length)
        {
            if (frames.Count > 0 && frames.Peek().Kind is FrameKind.JsxTag or FrameKind.JsxChildren)
                ReadJsx();
            else
                ReadOne();
        }
    }

    private void ReadOne()
    {
        var c = text[position];
        if (c is '\n' or '\r')
        {
            newLine = true;
            position++;
            return;
        }

        if (c is ' ' or '\t' or '\f' or '\v' or '\uFEFF' || (c > 127 && char.IsWhiteSpace(c)))
        {
            position++;
            return;
        }

        if (IsNameStart(position))
        {
            ReadName();
            return;
        }

        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek())))
        {
            ReadNumber();
            return;
        }

        switch (c)
        {
            case '/' when !syntax.HashComments && Peek() == '/':
                ReadToLineEnd(TokenKind.LineComment);
                return;
            case '/' when !syntax.HashComments && Peek() == '*':
                ReadBlockComment();
                return;
            case '#' when syntax.HashComments:
                ReadToLineEnd(TokenKind.LineComment);
                return;
            case '#' when syntax.Preprocessor && newLine:
                ReadDirective();
                return;
            case '#' when syntax.Script && position == 0 && Peek() == '!':
                ReadToLineEnd(TokenKind.LineComment);
                return;
            case '#' when syntax.Script && position + 1 < text.Length && IsNameStart(position + 1):
                position++;
                ReadName(position - 1);
                return;
            case '"':
                ReadString(position, position, raw: false);
                return;
            case '\'' when language == Language.Rust:
                ReadRustQuote();
                return;
            case '\'':
                ReadString(position, position, raw: false);
                return;
            case '`' when syntax.Script:
                ReadTemplate(position, position + 1, TokenKind.TemplateHead);
                return;
            case '`' when language == Language.Go:
                ReadUntil("`", position, position + 1);
                return;
            case '/' when syntax.Script && ValueExpected() && TryReadRegex():
                return;
            case '<' when syntax.Script && ValueExpected() && TryStartJsx():
                return;
            case '\\':
                ReadBackslash();
                return;
            case '{':
                depth++;
                AddPunctuation();
                return;
            case '}':
                ReadClosingBrace();
                return;
        }

        AddPunctuation();
    }

    private void AddPunctuation()
    {
        var (length, symbol) = Symbols.Read(text, position);
        var known = symbol < 128 && (char.IsPunctuation(symbol) || char.IsSymbol(symbol) || length > 1) && !UnusedHere(symbol);
        CountBracket(symbol);
        Add(position, position + length, known ? TokenKind.Punctuation : TokenKind.Unknown, symbol);
    }

    private bool UnusedHere(char symbol) => symbol switch
    {
        '$' or '?' or '`' => language is Language.Python or Language.Go,
        '!' => language is Language.Python,
        _ => false,
    };

    /// <summary>Python joins lines at a backslash; elsewhere it is a stray character, also at the end of a line.</summary>
    private void ReadBackslash()
    {
        var next = Peek();
        if (next is '\n' or '\r')
        {
            position += next == '\r' && Peek(2) == '\n' ? 3 : 2;
            return;
        }

        Add(position, position + 1, TokenKind.Unknown, '\\');
    }

    private void Add(int start, int end, TokenKind kind, char symbol = '\0', bool unclosed = false)
    {
        var flags = (newLine ? TokenFlags.NewLineBefore : 0) | (unclosed ? TokenFlags.Unclosed : 0) |
            (inactive ? TokenFlags.Inactive : 0);
        tokens.Add(new Token(start, end, kind, symbol, flags));
        newLine = false;
        position = end;
    }

    private bool IsNameStart(int at)
    {
        var c = text[at];
        if (c < 128)
            return char.IsAsciiLetter(c) || c == '_' || (c == '$' && syntax.DollarInNames);
        return char.IsLetter(text, at) || char.GetUnicodeCategory(text, at) == System.Globalization.UnicodeCategory.LetterNumber;
    }

    private int NameEnd(int at)
    {
        while (at < text.Length)
        {
            var c = text[at];
            if (c < 128)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '_' && !(c == '$' && syntax.DollarInNames))
                    break;
                at++;
            }
            else if (char.IsSurrogatePair(text, at))
            {
                if (!char.IsLetterOrDigit(text, at))
                    break;
                at += 2;
            }
            else if (char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or
                System.Globalization.UnicodeCategory.SpacingCombiningMark)
            {
                at++;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    private void ReadName(int start = -1)
    {
        if (start < 0)
            start = position;
        var end = Math.Max(NameEnd(position), position + 1);
        if (end < text.Length && text[end] is '"' or '\'' or '#' && TryReadPrefixedString(start, end))
            return;
        var keyword = syntax.IsKeyword(text.AsSpan(start, end - start));
        Add(start, end, keyword ? TokenKind.Keyword : TokenKind.Identifier);
    }

    private void ReadNumber()
    {
        var start = position;
        var at = position + 1;
        var hex = text[start] == '0' && at < text.Length && text[at] is 'x' or 'X';
        while (at < text.Length)
        {
            var c = text[at];
            var next = at + 1 < text.Length ? text[at + 1] : '\0';
            if (char.IsAsciiLetterOrDigit(c) || c == '_' ||
                (c == '.' && (char.IsAsciiDigit(next) || (next != '.' && !char.IsAsciiLetter(next) && next != '_'))) ||
                (c == '\'' && language is Language.C or Language.Cpp && char.IsAsciiLetterOrDigit(next)) ||
                (c is '+' or '-' && (text[at - 1] is 'p' or 'P' || (!hex && text[at - 1] is 'e' or 'E')) && char.IsAsciiDigit(next)))
            {
                at++;
                continue;
            }

            break;
        }

        Add(start, at, TokenKind.Number);
    }

    private void ReadToLineEnd(TokenKind kind)
    {
        var length = text.AsSpan(position).IndexOfAny('\n', '\r');
        Add(position, length < 0 ? text.Length : position + length, kind);
    }

    private void ReadBlockComment()
    {
        var start = position;
        var end = BlockCommentEnd(start, out var closed);
        Add(start, end, TokenKind.BlockComment, unclosed: !closed);
        if (text.AsSpan(start, end - start).Contains('\n'))
            newLine = true;
    }

    private int BlockCommentEnd(int start, out bool closed)
    {
        var at = start + 2;
        var open = 1;
        while (at < text.Length)
        {
            var found = text.AsSpan(at).IndexOfAny('*', '/');
            if (found < 0)
                break;
            at += found;
            var next = at + 1 < text.Length ? text[at + 1] : '\0';
            if (text[at] == '*' && next == '/')
            {
                at += 2;
                if (--open == 0)
                {
                    closed = true;
                    return at;
                }
            }
            else if (syntax.NestedComments && text[at] == '/' && next == '*')
            {
                open++;
                at += 2;
            }
            else
            {
                at++;
            }
        }

        closed = false;
        return text.Length;
    }
}
