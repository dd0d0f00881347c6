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

    /// <summary>
    /// One step of the pattern. Chains of nodes are as long as the pattern, so the recursion is as deep as that, never as the text.
    /// </summary>
    internal abstract class Node
    {
        /// <summary>The end of a match of this node and all that follow it from <paramref name="at"/> on, or -1.</summary>
        public abstract int Match(ReadOnlySpan<char> text, int at);

        /// <summary>False where no match begins with this ASCII character.</summary>
        public abstract bool MayStartWith(char ascii);
    }

    /// <summary>The end of the pattern, of an alternative's or of a look-ahead's.</summary>
    internal sealed class Accept : Node
    {
        public override int Match(ReadOnlySpan<char> text, int at) => at;

        public override bool MayStartWith(char ascii) => true;
    }

    /// <summary>From <paramref name="least"/> to <paramref name="most"/> scalars of a set, as many as can be.</summary>
    internal sealed class Repeat(CharacterSet set, int least, int most, bool possessive, Node next) : Node
    {
        public override bool MayStartWith(char ascii) => set.Contains(ascii) || (least == 0 && next.MayStartWith(ascii));

        public override int Match(ReadOnlySpan<char> text, int at)
        {
            int count = 0, end = at, floor = at;
            while (count < most && end < text.Length)
            {
                int units = UnitsAt(text, end);
                if (!set.Contains(units == 1 ? text[end] : char.ConvertToUtf32(text[end], text[end + 1])))
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
    internal sealed class Alternatives : Node
    {
        private readonly Node[] ways;
        private readonly Node[][] waysByFirst;

        public Alternatives(Node[] ways)
        {
            this.ways = ways;

            // Most of code is ASCII, and most ways begin with few of its characters.
            waysByFirst = [.. Enumerable.Range(0, 128).Select(c => ways.Where(way => way.MayStartWith((char)c)).ToArray())];
        }

        public override bool MayStartWith(char ascii) => waysByFirst[ascii].Length > 0;

        public override int Match(ReadOnlySpan<char> text, int at)
        {
            foreach (Node way in at < text.Length && text[at] < 128 ? waysByFirst[text[at]] : ways)
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
        public override bool MayStartWith(char ascii) => next.MayStartWith(ascii);

        public override int Match(ReadOnlySpan<char> text, int at) =>
            ahead.Match(text, at) >= 0 != negative ? next.Match(text, at) : -1;
    }
}
