using System.Text;

namespace CodeTuner.Workspace.Ignore;

/// <summary>A bracket expression of a glob: <c>[a-z]</c>, <c>[!x]</c>, <c>[^x]</c>, <c>[[:digit:]]</c>. It never matches a slash.</summary>
internal static class ByteClass
{
    /// <summary>Reads the class that opens at <paramref name="i"/> and moves past it; null where it is not closed or names an unknown class.</summary>
    public static bool[]? Parse(ReadOnlySpan<byte> pattern, ref int i, bool ignoreCase)
    {
        var set = new bool[256];
        int p = i + 1;
        bool negated = p < pattern.Length && pattern[p] is (byte)'!' or (byte)'^';
        if (negated) p++;
        int previous = -1;
        // A "]" that comes first is a member, not the end.
        for (bool first = true; ; first = false)
        {
            if (p >= pattern.Length) return null;
            byte b = pattern[p];
            if (b == ']' && !first) break;
            if (b == '\\')
            {
                if (++p >= pattern.Length) return null;
                set[pattern[p]] = true;
                previous = pattern[p++];
            }
            else if (b == '-' && previous > 0 && p + 1 < pattern.Length && pattern[p + 1] != ']')
            {
                p++;
                if (pattern[p] == '\\' && ++p >= pattern.Length) return null;
                for (int member = previous; member <= pattern[p]; member++) set[member] = true;
                previous = -1;
                p++;
            }
            else if (b == '[' && p + 1 < pattern.Length && pattern[p + 1] == ':')
            {
                int nameStart = p + 2;
                int close = pattern[nameStart..].IndexOf((byte)']');
                if (close < 0) return null;
                if (close == 0 || pattern[nameStart + close - 1] != ':')
                {
                    // There is no ":]": the bracket is a plain member.
                    set['['] = true;
                    previous = '[';
                    p++;
                    continue;
                }

                if (!AddNamed(set, Encoding.ASCII.GetString(pattern.Slice(nameStart, close - 1)), ignoreCase)) return null;
                previous = -1;
                p = nameStart + close + 1;
            }
            else
            {
                set[b] = true;
                previous = b;
                p++;
            }
        }

        i = p + 1;
        if (ignoreCase)
        {
            for (int upper = 'A'; upper <= 'Z'; upper++) set[upper + 32] |= set[upper];
        }

        for (int b = 0; b < 256; b++) set[b] ^= negated;
        set['/'] = false;
        return set;
    }

    private static bool AddNamed(bool[] set, string name, bool ignoreCase)
    {
        Func<char, bool>? contains = name switch
        {
            "alnum" => char.IsAsciiLetterOrDigit,
            "alpha" => char.IsAsciiLetter,
            "blank" => c => c is ' ' or '\t',
            "cntrl" => char.IsControl,
            "digit" => char.IsAsciiDigit,
            "graph" => c => c is > ' ' and < '\x7f',
            "lower" => char.IsAsciiLetterLower,
            "print" => c => c is >= ' ' and < '\x7f',
            "punct" => c => c is > ' ' and < '\x7f' && !char.IsAsciiLetterOrDigit(c),
            "space" => c => c is ' ' or (>= '\t' and <= '\r'),
            "upper" => c => char.IsAsciiLetterUpper(c) || (ignoreCase && char.IsAsciiLetterLower(c)),
            "xdigit" => char.IsAsciiHexDigit,
            _ => null,
        };
        if (contains is null) return false;
        for (int b = 0; b < 128; b++) set[b] |= contains((char)b);
        return true;
    }
}
