namespace CodeTuner.Workspace.Ignore;

/// <summary>Git's glob matching with path rules: <c>*</c> and <c>?</c> stop at a slash, <c>**</c> as a whole part crosses them.</summary>
internal static class Wildmatch
{
    /// <summary>Whether the whole of <paramref name="text"/> matches.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        while (pattern.Length > 0)
        {
            char c = pattern[0];
            if (c == '*')
                return MatchesStar(pattern, text, atStart: false);
            if (text.Length == 0)
                return false;
            if (c == '[')
            {
                int length = MatchClass(pattern, text[0], out bool matches);
                if (length < 0 || !matches || text[0] == '/')
                    return false; // an unclosed bracket matches nothing, as in git
                pattern = pattern[length..];
            }
            else if (c == '?')
            {
                if (text[0] == '/')
                    return false;
                pattern = pattern[1..];
            }
            else
            {
                if (c == '\\')
                {
                    pattern = pattern[1..];
                    if (pattern.Length == 0)
                        return false; // a backslash at the end is no pattern
                }

                if (pattern[0] != text[0])
                    return false;
                pattern = pattern[1..];

                // "**" counts only right after a slash (or at the very start).
                if (text[0] == '/' && pattern.StartsWith("**"))
                    return MatchesStar(pattern, text[1..], atStart: true);
            }

            text = text[1..];
        }

        return text.Length == 0;
    }

    /// <summary>As <see cref="Matches"/>, where a leading <c>**</c> is one.</summary>
    public static bool MatchesFromStart(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text) =>
        pattern.StartsWith("**") ? MatchesStar(pattern, text, atStart: true) : Matches(pattern, text);

    private static bool MatchesStar(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, bool atStart)
    {
        int stars = 0;
        while (stars < pattern.Length && pattern[stars] == '*')
            stars++;
        ReadOnlySpan<char> rest = pattern[stars..];
        bool crossesSlashes = atStart && stars >= 2 && (rest.Length == 0 || rest[0] == '/');
        if (crossesSlashes && rest.Length > 0)
        {
            // "**/": nothing, or any folders.
            ReadOnlySpan<char> after = rest[1..];
            for (int i = 0; ; i++)
            {
                if ((i == 0 || text[i - 1] == '/') && MatchesFromStart(after, text[i..]))
                    return true;
                if (i == text.Length)
                    return false;
            }
        }

        for (int i = 0; ; i++)
        {
            if (Matches(rest, text[i..]))
                return true;
            if (i == text.Length || (!crossesSlashes && text[i] == '/'))
                return false;
        }
    }

    // The length of the bracket expression at the start of the pattern, or -1 where it is not closed.
    private static int MatchClass(ReadOnlySpan<char> pattern, char c, out bool matches)
    {
        int i = 1;
        bool negated = i < pattern.Length && pattern[i] is '!' or '^';
        if (negated)
            i++;
        bool found = false;
        matches = false;
        for (bool first = true; ; first = false)
        {
            if (i >= pattern.Length)
                return -1;
            if (pattern[i] == ']' && !first)
                break;
            if (pattern[i..].StartsWith("[:"))
            {
                int close = pattern[(i + 2)..].IndexOf(":]");
                if (close >= 0)
                {
                    if (!IsClass(pattern.Slice(i + 2, close), c, out bool inside))
                        return -1;
                    found |= inside;
                    i += close + 4;
                    continue;
                }
            }

            if (!Literal(pattern, ref i, out char low))
                return -1;
            char high = low;
            if (i + 1 < pattern.Length && pattern[i] == '-' && pattern[i + 1] != ']')
            {
                i++;
                if (!Literal(pattern, ref i, out high))
                    return -1;
            }

            found |= c >= low && c <= high;
        }

        matches = found != negated;
        return i + 1;
    }

    private static bool Literal(ReadOnlySpan<char> pattern, ref int i, out char c)
    {
        if (pattern[i] == '\\')
            i++;
        c = i < pattern.Length ? pattern[i] : '\0';
        return i++ < pattern.Length;
    }

    private static bool IsClass(ReadOnlySpan<char> name, char c, out bool inside)
    {
        bool ascii = char.IsAscii(c);
        (bool known, inside) = name switch
        {
            "alnum" => (true, char.IsAsciiLetterOrDigit(c)),
            "alpha" => (true, char.IsAsciiLetter(c)),
            "blank" => (true, c is ' ' or '\t'),
            "cntrl" => (true, ascii && char.IsControl(c)),
            "digit" => (true, char.IsAsciiDigit(c)),
            "graph" => (true, c is > ' ' and < '\x7f'),
            "lower" => (true, char.IsAsciiLetterLower(c)),
            "print" => (true, c is >= ' ' and < '\x7f'),
            "punct" => (true, c is > ' ' and < '\x7f' && !char.IsAsciiLetterOrDigit(c)),
            "space" => (true, ascii && char.IsWhiteSpace(c)),
            "upper" => (true, char.IsAsciiLetterUpper(c)),
            "xdigit" => (true, char.IsAsciiHexDigit(c)),
            _ => (false, false),
        };
        return known;
    }
}
