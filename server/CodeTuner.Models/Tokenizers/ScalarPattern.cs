namespace CodeTuner.Models.Tokenizers;

/// <summary>
/// A regular expression over Unicode scalars, for the patterns that tokenizers split text with.
/// .NET's own works on UTF-16 units and so splits letters outside the basic plane.
/// Backtracking, leftmost-first, as Oniguruma does it. Made by <see cref="ScalarPatternParser"/>; safe to share between threads.
/// </summary>
internal sealed class ScalarPattern
{
    private readonly Node start;

    internal ScalarPattern(Node start) => this.start = start;

    /// <summary>The length, in UTF-16 units, of the match that begins <paramref name="text"/>; 0 where none does.</summary>
    /// <param name="text">Well-formed UTF-16; the pattern sees nothing outside it.</param>
    public int MatchLength(ReadOnlySpan<char> text) => Math.Max(0, start.Match(text, 0));

    /// <summary>The number of UTF-16 units of the scalar at <paramref name="at"/>.</summary>
    public static int UnitsAt(ReadOnlySpan<char> text, int at) => char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;

    /// <summary>One step of the pattern. Chains of nodes are as long as the pattern, so the recursion is as deep as that, never as the text.</summary>
    internal abstract class Node
    {
        /// <summary>The end of a match of this node and all that follow it from <paramref name="at"/> on, or -1.</summary>
        public abstract int Match(ReadOnlySpan<char> text, int at);
    }

    /// <summary>The end of the pattern, of an alternative's or of a look-ahead's.</summary>
    internal sealed class Accept : Node
    {
        public override int Match(ReadOnlySpan<char> text, int at) => at;
    }

    /// <summary>From <paramref name="least"/> to <paramref name="most"/> scalars of a set, as many as can be.</summary>
    internal sealed class Repeat(CharacterSet set, int least, int most, bool possessive, Node next) : Node
    {
        public override int Match(ReadOnlySpan<char> text, int at)
        {
            int count = 0, end = at, floor = at;
            while (count < most && end < text.Length)
            {
                int units = 1;
                int scalar = text[end];
                if (char.IsHighSurrogate((char)scalar) && end + 1 < text.Length)
                {
                    scalar = char.ConvertToUtf32((char)scalar, text[end + 1]);
                    units = 2;
                }

                if (!set.Contains(scalar))
                    break;
                end += units;
                if (++count == least)
                    floor = end;
            }

            if (count < least)
                return -1;
            if (possessive || next is Accept)
                return next.Match(text, end);
            while (true)
            {
                int match = next.Match(text, end);
                if (match >= 0 || end <= floor)
                    return match;
                end -= char.IsLowSurrogate(text[end - 1]) && end - 2 >= floor ? 2 : 1;
            }
        }
    }

    /// <summary>The first of several ways on that matches.</summary>
    internal sealed class Alternatives(Node[] ways) : Node
    {
        public override int Match(ReadOnlySpan<char> text, int at)
        {
            foreach (Node way in ways)
            {
                int match = way.Match(text, at);
                if (match >= 0)
                    return match;
            }

            return -1;
        }
    }

    /// <summary>Goes on only if what comes next matches, or does not.</summary>
    internal sealed class LookAhead(Node ahead, bool negative, Node next) : Node
    {
        public override int Match(ReadOnlySpan<char> text, int at) =>
            ahead.Match(text, at) >= 0 != negative ? next.Match(text, at) : -1;
    }
}
