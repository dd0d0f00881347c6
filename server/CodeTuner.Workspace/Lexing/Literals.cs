using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Lexing;

/// <summary>The string-like literals of the languages.</summary>
internal static class Literals
{
    private static readonly HashSet<string> BeforeRegex = new(StringComparer.Ordinal)
    {
        "return", "typeof", "case", "in", "of", "do", "else", "void", "delete", "throw", "new", "instanceof", "yield", "await",
    };

    /// <summary>Reads the literal that starts at <paramref name="at"/>, if one does.</summary>
    public static bool TryRead(Language language, string text, int at, List<Token> before, out Token token)
    {
        char c = text[at];
        int? end = language switch
        {
            Language.Python => Python(text, at),
            Language.CSharp => CSharp(text, at),
            Language.Rust => Rust(text, at),
            Language.Go when c == '`' => Until(text, at + 1, "`"),
            Language.Java when Starts(text, at, "\"\"\"") => Until(text, at + 3, "\"\"\"", escapes: true),
            Language.Cpp when c == 'R' && Starts(text, at, "R\"") && !IsWordBefore(text, at) => CppRaw(text, at),
            Language.JavaScript or Language.TypeScript when c == '`' => Template(text, at),
            Language.JavaScript or Language.TypeScript when c == '/' && RegexMayStart(text, before) => Regex(text, at),
            _ => null,
        };
        if (end is null && c is '"' or '\'' && !(c == '\'' && language == Language.Rust))
            end = Line(text, at + 1, c);
        token = end is { } stop ? new Token(TokenKind.Literal, at, Math.Min(Math.Abs(stop), text.Length), stop > 0) : default;
        return end is not null;
    }

    private static bool Starts(string text, int at, string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;

    private static bool IsWordBefore(string text, int at) => at > 0 && (char.IsLetterOrDigit(text[at - 1]) || text[at - 1] == '_');

    // All of these give the end, or its negative where the literal is not closed.
    private static int Line(string text, int at, char quote)
    {
        for (; at < text.Length && text[at] != '\n'; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == quote)
                return at + 1;
        }

        return -Math.Min(at, text.Length);
    }

    private static int Until(string text, int at, string close, bool escapes = false)
    {
        for (; at < text.Length; at++)
        {
            if (escapes && text[at] == '\\')
                at++;
            else if (Starts(text, at, close))
                return at + close.Length;
        }

        return -text.Length;
    }

    private static int? Python(string text, int at)
    {
        int i = at;
        if (!IsWordBefore(text, at))
        {
            while (i < text.Length && i - at < 2 && "rRbBuUfFtT".Contains(text[i], StringComparison.Ordinal))
                i++;
        }

        if (i >= text.Length || text[i] is not ('"' or '\''))
            return null;
        string triple = new(text[i], 3);
        return Starts(text, i, triple) ? Until(text, i + 3, triple, escapes: true) : Line(text, i + 1, text[i]);
    }

    private static int? CSharp(string text, int at)
    {
        int i = at;
        bool verbatim = false, interpolated = false;
        while (i < text.Length && text[i] is '$' or '@')
        {
            verbatim |= text[i] == '@';
            interpolated |= text[i] == '$';
            i++;
        }

        if (i >= text.Length || text[i] != '"')
            return null;
        int quotes = 0;
        while (i + quotes < text.Length && text[i + quotes] == '"')
            quotes++;
        if (quotes >= 3)
            return Until(text, i + quotes, new string('"', quotes));
        if (verbatim)
            return Verbatim(text, i + 1);
        return interpolated ? Interpolated(text, i + 1) : Line(text, i + 1, '"');
    }

    private static int Verbatim(string text, int at)
    {
        for (; at < text.Length; at++)
        {
            if (text[at] != '"')
                continue;
            if (at + 1 < text.Length && text[at + 1] == '"')
                at++;
            else
                return at + 1;
        }

        return -text.Length;
    }

    // Quotes inside the holes of $"…" belong to the expression there.
    private static int Interpolated(string text, int at)
    {
        int depth = 0;
        for (; at < text.Length && text[at] != '\n'; at++)
        {
            char c = text[at];
            if (c == '\\' && depth == 0)
                at++;
            else if (c == '{')
                depth++;
            else if (c == '}' && depth > 0)
                depth--;
            else if (c == '"' && depth == 0)
                return at + 1;
            else if (c == '"')
                at = Math.Abs(Line(text, at + 1, '"')) - 1;
        }

        return -Math.Min(at, text.Length);
    }

    private static int? Rust(string text, int at)
    {
        char c = text[at];
        if (c == '\'')
        {
            // 'a' and '\n' are characters; 'a alone is a lifetime, a symbol and a word.
            if (at + 1 < text.Length && text[at + 1] == '\\')
                return Line(text, at + 1, '\'');
            int width = at + 2 < text.Length && char.IsSurrogatePair(text[at + 1], text[at + 2]) ? 2 : 1;
            return at + 1 + width < text.Length && text[at + 1 + width] == '\'' ? at + width + 2 : null;
        }

        int i = at;
        if (c == 'b' && !IsWordBefore(text, at))
            i++;
        if (i < text.Length && text[i] == 'r' && !IsWordBefore(text, at))
        {
            int hashes = 0;
            while (i + 1 + hashes < text.Length && text[i + 1 + hashes] == '#')
                hashes++;
            if (i + 1 + hashes < text.Length && text[i + 1 + hashes] == '"')
                return Until(text, i + hashes + 2, "\"" + new string('#', hashes));
        }

        return i < text.Length && text[i] == '"' ? Until(text, i + 1, "\"", escapes: true) : null;
    }

    private static int? CppRaw(string text, int at)
    {
        int open = text.IndexOf('(', at);
        return open < 0 || open - at > 18 ? null : Until(text, open + 1, ")" + text[(at + 2)..open] + "\"");
    }

    // `…${ … }…`, holes within holes included.
    private static int Template(string text, int at)
    {
        Stack<int> holes = new();
        int braces = 0;
        bool inText = true;
        for (int i = at + 1; i < text.Length; i++)
        {
            char c = text[i];
            if (inText && c == '\\')
            {
                i++;
            }
            else if (inText && c == '$' && i + 1 < text.Length && text[i + 1] == '{')
            {
                holes.Push(braces);
                (braces, inText) = (0, false);
                i++;
            }
            else if (c == '`')
            {
                if (!inText)
                {
                    holes.Push(-1 - braces); // a template inside a hole
                    inText = true;
                }
                else if (holes.Count == 0)
                {
                    return i + 1;
                }
                else
                {
                    braces = -1 - holes.Pop();
                    inText = false;
                }
            }
            else if (!inText && c is '"' or '\'')
            {
                i = Math.Abs(Line(text, i + 1, c)) - 1;
            }
            else if (!inText && c == '{')
            {
                braces++;
            }
            else if (!inText && c == '}')
            {
                if (braces > 0)
                    braces--;
                else
                    (braces, inText) = (holes.Pop(), true);
            }
        }

        return -text.Length;
    }

    // After a value a slash divides; elsewhere it starts a regular expression.
    private static bool RegexMayStart(string text, List<Token> before)
    {
        int i = before.Count - 1;
        while (i >= 0 && before[i].Kind == TokenKind.Comment)
            i--;
        if (i < 0)
            return true;
        Token last = before[i];
        return last.Kind switch
        {
            TokenKind.Word => BeforeRegex.Contains(last.In(text).ToString()),
            TokenKind.Number or TokenKind.Literal => false,
            TokenKind.Close => text[last.Start] == '}',
            _ => true,
        };
    }

    private static int? Regex(string text, int at)
    {
        bool inClass = false;
        for (int i = at + 1; i < text.Length && text[i] != '\n'; i++)
        {
            char c = text[i];
            if (c == '\\')
                i++;
            else if (c == '[')
                inClass = true;
            else if (c == ']')
                inClass = false;
            else if (c == '/' && !inClass)
                return i + 1;
        }

        return null; // a division after all
    }
}
