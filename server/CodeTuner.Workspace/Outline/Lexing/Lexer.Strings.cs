using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Outline.Lexing;

/// <content>Strings, characters, regular expressions.</content>
internal sealed partial class Lexer
{
    /// <summary>Reads a string whose opening quote is at <paramref name="quote"/>; its prefix begins at <paramref name="start"/>.</summary>
    private void ReadString(int start, int quote, bool raw)
    {
        var mark = text[quote];
        if (syntax.TripleQuotes && quote + 2 < text.Length && text[quote + 1] == mark && text[quote + 2] == mark &&
            (mark == '"' || language == Language.Python))
        {
            ReadTripleQuoted(start, quote, mark);
            return;
        }

        var at = quote + 1;
        while (at < text.Length)
        {
            var found = text.AsSpan(at).IndexOfAny(mark == '"' ? "\"\\\n\r" : "'\\\n\r");
            if (found < 0)
                break;
            at += found;
            if (text[at] == mark)
            {
                Add(start, at + 1, TokenKind.String);
                return;
            }

            if (text[at] == '\\')
            {
                // A raw Python string keeps the backslash, but a quote after it still does not close.
                at += at + 2 < text.Length && text[at + 1] == '\r' && text[at + 2] == '\n' ? 3 : 2;
            }
            else if (syntax.MultiLineStrings && !raw)
            {
                at++;
            }
            else
            {
                Add(start, at, TokenKind.String, unclosed: true);
                return;
            }
        }

        Add(start, text.Length, TokenKind.String, unclosed: true);
    }

    private void ReadTripleQuoted(int start, int quote, char mark)
    {
        var at = quote + 3;
        while (at < text.Length)
        {
            var found = text.AsSpan(at).IndexOfAny(mark, '\\');
            if (found < 0)
                break;
            at += found;
            if (text[at] == '\\')
            {
                at += 2;
                continue;
            }

            if (at + 2 < text.Length && text[at + 1] == mark && text[at + 2] == mark)
            {
                Add(start, at + 3, TokenKind.String);
                return;
            }

            at++;
        }

        Add(start, text.Length, TokenKind.String, unclosed: true);
    }

    private void ReadUntil(string mark, int start, int from)
    {
        var found = from <= text.Length ? text.IndexOf(mark, from, StringComparison.Ordinal) : -1;
        Add(start, found < 0 ? text.Length : found + mark.Length, TokenKind.String, unclosed: found < 0);
    }

    /// <summary>Reads a string that a name stands directly before, where that name is one of the language's string prefixes.</summary>
    private bool TryReadPrefixedString(int start, int end)
    {
        var prefix = text.AsSpan(start, end - start);
        var c = text[end];
        switch (language)
        {
            case Language.Python when c != '#' && prefix.Length <= 2 && prefix.IndexOfAnyExcept("rRbBuUfFtT") < 0:
                ReadString(start, end, raw: false);
                return true;
            case Language.C or Language.Cpp when c == '"' && prefix is "R" or "LR" or "uR" or "UR" or "u8R" && language == Language.Cpp:
                ReadCppRawString(start, end);
                return true;
            case Language.C or Language.Cpp when c != '#' && prefix is "L" or "u" or "U" or "u8":
                ReadString(start, end, raw: false);
                return true;
            case Language.Rust when prefix is "r" or "br" or "cr":
                return TryReadRustRaw(start, end);
            case Language.Rust when prefix is "b" or "c" && c == '"':
                ReadString(start, end, raw: false);
                return true;
            case Language.Rust when prefix is "b" && c == '\'':
                ReadString(start, end, raw: true);
                return true;
            default:
                return false;
        }
    }

    private void ReadCppRawString(int start, int quote)
    {
        // At most 16 characters of delimiter stand before the parenthesis ([lex.string] in the C++ standard).
        var open = text.AsSpan(quote + 1, Math.Min(17, text.Length - quote - 1)).IndexOf('(');
        if (open < 0)
            ReadString(start, quote, raw: false);
        else
            ReadUntil(string.Concat(")", text.AsSpan(quote + 1, open), "\""), start, quote + 2 + open);
    }

    private bool TryReadRustRaw(int start, int end)
    {
        var hashes = 0;
        while (end + hashes < text.Length && text[end + hashes] == '#')
            hashes++;
        var quote = end + hashes;
        if (quote < text.Length && text[quote] == '"')
        {
            ReadUntil("\"" + new string('#', hashes), start, quote + 1);
            return true;
        }

        if (hashes == 1 && quote < text.Length && IsNameStart(quote))
        {
            Add(start, NameEnd(quote), TokenKind.Identifier);
            return true;
        }

        return false;
    }

    private void ReadRustQuote()
    {
        var next = Peek();
        var width = position + 1 < text.Length && char.IsSurrogatePair(text, position + 1) ? 2 : 1;
        if (next == '\\' || Peek(1 + width) == '\'')
        {
            ReadString(position, position, raw: true);
        }
        else if (position + 1 < text.Length && IsNameStart(position + 1))
        {
            Add(position, NameEnd(position + 1), TokenKind.Punctuation, Symbols.Lifetime);
        }
        else
        {
            ReadString(position, position, raw: true);
        }
    }

    /// <summary>
    /// Whether a value may start here, so that <c>/</c> opens a regular expression and <c>&lt;</c> JSX. After a closing
    /// bracket both are taken for operators, which is wrong only right after <c>if (…)</c> and after a block.
    /// </summary>
    private bool ValueExpected()
    {
        for (var i = tokens.Count - 1; i >= 0; i--)
        {
            var token = tokens[i];
            if (token.IsComment)
                continue;
            return token.Kind switch
            {
                TokenKind.Keyword => text.AsSpan(token.Start, token.End - token.Start) is not ("this" or "super" or "null" or "true" or "false"),
                TokenKind.Punctuation => token.Symbol is not (')' or ']' or '}' or Symbols.Step),
                TokenKind.TemplateHead => !text.AsSpan(token.Start, token.End - token.Start).EndsWith("`"),
                TokenKind.TemplateMiddle => true,
                _ => false,
            };
        }

        return true;
    }

    private bool TryReadRegex()
    {
        var inClass = false;
        for (var at = position + 1; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\n' or '\r':
                    return false;
                case '\\':
                    at++;
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '/' when !inClass:
                    Add(position, NameEnd(at + 1), TokenKind.Regex);
                    return true;
            }
        }

        return false;
    }
}
