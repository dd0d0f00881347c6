using System.Globalization;
using System.Text;

namespace CodeTuner.Models.Tokenizers;

/// <summary>
/// Reads the part of Oniguruma's syntax that tokenizers use: alternatives, groups, <c>(?i:…)</c>, look-ahead,
/// classes, <c>\p{…}</c> with general categories, <c>\s \S \d \D</c>, and greedy or possessive quantifiers of single characters.
/// </summary>
internal sealed class ScalarPatternParser
{
    private const int NoLimit = int.MaxValue;

    private readonly string pattern;
    private int at;
    private bool ignoreCase;

    private ScalarPatternParser(string pattern) => this.pattern = pattern;

    /// <summary>Parses a pattern.</summary>
    /// <exception cref="NotSupportedException">It uses something else; the message says what and where.</exception>
    public static ScalarPattern Parse(string pattern)
    {
        var parser = new ScalarPatternParser(pattern);
        ScalarPattern.Node start = parser.Alternation()(new ScalarPattern.Accept());
        if (parser.at < pattern.Length)
            throw parser.Unsupported("an unmatched ')'");
        return new ScalarPattern(start);
    }

    // A parsed piece is a function from the node that follows it to the node that begins it.
    private Func<ScalarPattern.Node, ScalarPattern.Node> Alternation()
    {
        var ways = new List<Func<ScalarPattern.Node, ScalarPattern.Node>> { Concatenation() };
        while (Take('|'))
            ways.Add(Concatenation());
        if (ways.Count == 1)
            return ways[0];
        return next => new ScalarPattern.Alternatives([.. ways.Select(way => way(next))]);
    }

    private Func<ScalarPattern.Node, ScalarPattern.Node> Concatenation()
    {
        var parts = new List<Func<ScalarPattern.Node, ScalarPattern.Node>>();
        while (at < pattern.Length && pattern[at] is not ('|' or ')')
            ) parts.Add(Part());
        return next => Enumerable.Reverse(parts).Aggregate(next, (after, part) => part(after));
    }

    private Func<ScalarPattern.Node, ScalarPattern.Node> Part()
    {
        if (Take('(')) return Group();
        CharacterSet set = Atom();
        set.Freeze();
        (int least, int most) = Quantifier();
        bool possessive = (least, most) != (1, 1) && Take('+');
        if ((least, most) != (1, 1))
            RefuseLazyOrNested();
        return next => new ScalarPattern.Repeat(set, least, most, possessive, next);
    }

    private Func<ScalarPattern.Node, ScalarPattern.Node> Group()
    {
        bool outer = ignoreCase;
        bool? negativeLook = null;
        if (Take("?!"))
            negativeLook = true;
        else if (Take("?="))
            negativeLook = false;
        else if (Take("?i:"))
            ignoreCase = true;
        else if (at < pattern.Length && pattern[at] == '?' && !Take("?:"))
            throw Unsupported("this kind of group");

        Func<ScalarPattern.Node, ScalarPattern.Node> inner = Alternation();
        if (!Take(')')
            ) throw Unsupported("a group without ')'");
        ignoreCase = outer;

        if (negativeLook is bool negative)
            return next => new ScalarPattern.LookAhead(inner(new ScalarPattern.Accept()), negative, next);
        (int least, int most) = Quantifier();
        RefuseLazyOrNested();
        return (least, most) switch
        {
            (1, 1) => inner,
            (0, 1) => next => new ScalarPattern.Alternatives([inner(next), next]),
            _ => throw Unsupported("a repeated group"),
        };
    }

    private void RefuseLazyOrNested()
    {
        if (at < pattern.Length && pattern[at] is '?' or '*' or '+')
            throw Unsupported("a lazy, possessive or doubled quantifier here");
    }

    private (int Least, int Most) Quantifier()
    {
        if (Take('?'))
            return (0, 1);
        if (Take('*'))
            return (0, NoLimit);
        if (Take('+'))
            return (1, NoLimit);
        if (!Take('{'))
            return (1, 1);
        int least = Number() ?? throw Unsupported("a quantifier without a number");
        int most = Take(',') ? Number() ?? NoLimit : least;
        if (!Take('}') || most < least)
            throw Unsupported("this quantifier");
        return (least, most);
    }

    private int? Number()
    {
        int start = at;
        while (at < pattern.Length && char.IsAsciiDigit(pattern[at]))
            at++;
        if (at == start)
            return null;
        return int.TryParse(pattern.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw Unsupported("a number this large");
    }

    private CharacterSet Atom()
    {
        var set = new CharacterSet();
        if (Take('['))
            ReadClass(set);
        else if (Take('\\'))
            ReadEscape(set);
        else if (pattern[at] is '.' or '^' or '$' or '?' or '*' or '+' or '{')
            throw Unsupported($"'{pattern[at]}' here");
        else
            AddLiteral(set, Scalar());
        return set;
    }

    private void ReadClass(CharacterSet set)
    {
        if (Take('^'))
            set.Negate();
        bool empty = true;
        while (!Take(']'))
        {
            if (at >= pattern.Length)
                throw Unsupported("a class without ']'");
            if (pattern[at] == '[' || pattern.AsSpan(at).StartsWith("&&"))
                throw Unsupported("a class within a class");
            int? literal = Take('\\') ? ReadEscape(set, inClass: true) : Scalar();
            empty = false;
            if (literal is not int first)
                continue;
            if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
            {
                at++;
                int? last = Take('\\') ? ReadEscape(set, inClass: true) : Scalar();
                if (last is not int end || end < first || ignoreCase)
                    throw Unsupported("this range");
                set.AddRange(first, end);
            }
            else
            {
                AddLiteral(set, first);
            }
        }

        if (empty)
            throw Unsupported("an empty class");
    }

    /// <summary>
    /// Reads what follows a backslash. In a class a literal is returned, since it may begin a range; all else goes into the set.
    /// </summary>
    private int? ReadEscape(CharacterSet set, bool inClass = false)
    {
        if (at >= pattern.Length)
            throw Unsupported("a trailing backslash");
        char c = pattern[at++];
        switch (c)
        {
            case 's' or 'S':
                set.AddWhiteSpace(complement: c == 'S');
                return null;
            case 'd' or 'D':
                set.AddCategory("Nd", complement: c == 'D');
                return null;
            case 'p' or 'P':
                ReadProperty(set, complement: c == 'P');
                return null;
        }

        int? literal = c switch
        {
            'r' => '\r',
            'n' => '\n',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            _ when char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c) => c,
            _ => null,
        };
        if (literal is not int scalar)
            throw Unsupported($"'\\{c}'");
        if (inClass)
            return scalar;
        AddLiteral(set, scalar);
        return null;
    }

    private void ReadProperty(CharacterSet set, bool complement)
    {
        int close = pattern.IndexOf('}', at);
        if (!Take('{') || close < 0)
            throw Unsupported("a property without braces");
        string name = pattern[at..close];
        if (name.StartsWith('^'))
        {
            complement = !complement;
            name = name[1..];
        }

        if (!set.AddCategory(name, complement))
            throw Unsupported($"the property '{name}' (only general categories are)");
        at = close + 1;
    }

    private void AddLiteral(CharacterSet set, int scalar)
    {
        set.AddRange(scalar, scalar);
        if (!ignoreCase)
            return;
        if (scalar > 127)
            throw Unsupported("a letter outside ASCII without regard to case");
        if (!char.IsAsciiLetter((char)scalar))
            return;
        set.AddRange(scalar ^ 0x20, scalar ^ 0x20);

        // Two scalars outside ASCII fold to ASCII letters: the long s and the Kelvin sign.
        if ((scalar | 0x20) == 's')
            set.AddRange(0x17F, 0x17F);
        if ((scalar | 0x20) == 'k')
            set.AddRange(0x212A, 0x212A);
    }

    private int Scalar()
    {
        if (Rune.DecodeFromUtf16(pattern.AsSpan(at), out Rune rune, out int units) != System.Buffers.OperationStatus.Done)
            throw Unsupported("a lone surrogate");
        at += units;
        return rune.Value;
    }

    private bool Take(char expected)
    {
        if (at >= pattern.Length || pattern[at] != expected)
            return false;
        at++;
        return true;
    }

    private bool Take(string expected)
    {
        if (!pattern.AsSpan(at).StartsWith(expected))
            return false;
        at += expected.Length;
        return true;
    }

    private NotSupportedException Unsupported(string what) =>
        new($"{what} is not supported (character {at + 1} of the pattern {pattern})");
}
