using System.Globalization;
using System.Text;

namespace CodeTuner.Models.Tokenizers.Normalization;

/// <summary>
/// Unicode's normalisation form C (UAX #15), over a table of our own: .NET leaves it to a system library that the
/// server runs without, so that it needs nothing installed.
/// </summary>
internal static class CanonicalComposition
{
    // Hangul syllables are composed by arithmetic (Unicode Standard, section 3.12).
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int VowelCount = 21, TailCount = 28, SyllableCount = 11172;

    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];
    private static readonly Dictionary<int, int> Classes = [];

    static CanonicalComposition()
    {
        using Stream stream = typeof(CanonicalComposition).Assembly.GetManifestResourceStream("canonical.txt")!;
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            string left = line[2..equals];
            string[] right = line[(equals + 1)..].Split(' ');
            if (line[0] == 'K')
                AddClass(int.Parse(left, CultureInfo.InvariantCulture), right);
            else
                AddDecomposition(Hex(left), [.. right.Select(Hex)], composes: line[0] == 'C');
        }
    }

    /// <summary>The text in normalisation form C.</summary>
    public static Rune[] Normalize(ReadOnlySpan<Rune> text)
    {
        List<int> points = new(text.Length + 8);
        foreach (Rune rune in text)
            Decompose(rune.Value, points);
        Reorder(points);
        return [.. Compose(points).Select(p => new Rune(p))];
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static void AddClass(int combiningClass, string[] ranges)
    {
        foreach (string range in ranges)
        {
            string[] ends = range.Split('-');
            for (int point = Hex(ends[0]); point <= Hex(ends[^1]); point++)
                Classes[point] = combiningClass;
        }
    }

    private static void AddDecomposition(int point, int[] parts, bool composes)
    {
        Decompositions[point] = parts;
        if (composes)
            Compositions[(parts[0], parts[1])] = point;
    }

    private static int ClassOf(int point) => Classes.GetValueOrDefault(point);

    private static void Decompose(int point, List<int> into)
    {
        int syllable = point - SyllableBase;
        if (syllable is >= 0 and < SyllableCount)
        {
            into.Add(LeadBase + (syllable / (VowelCount * TailCount)));
            into.Add(VowelBase + (syllable % (VowelCount * TailCount) / TailCount));
            if (syllable % TailCount != 0)
                into.Add(TailBase + (syllable % TailCount));
        }
        else if (Decompositions.TryGetValue(point, out int[]? parts))
        {
            foreach (int part in parts)
                Decompose(part, into);
        }
        else
        {
            into.Add(point);
        }
    }

    // Marks between two starters are put in the order of their classes, those of one class as they came.
    private static void Reorder(List<int> points)
    {
        for (int start = 0; start < points.Count; start++)
        {
            if (ClassOf(points[start]) == 0)
                continue;
            int end = start;
            while (end < points.Count && ClassOf(points[end]) != 0)
                end++;
            int[] sorted = [.. points[start..end].OrderBy(ClassOf)];
            for (int i = 0; i < sorted.Length; i++)
                points[start + i] = sorted[i];
            start = end;
        }
    }

    private static List<int> Compose(List<int> points)
    {
        List<int> composed = new(points.Count);
        int starter = -1, lastClass = 0;
        foreach (int point in points)
        {
            int own = ClassOf(point);
            bool blocked = starter >= 0 && composed.Count - 1 > starter && (lastClass >= own || lastClass == 0);
            if (starter >= 0 && !blocked && Pair(composed[starter], point) is { } pair)
            {
                composed[starter] = pair;
                continue;
            }

            if (own == 0)
                starter = composed.Count;
            lastClass = own;
            composed.Add(point);
        }

        return composed;
    }

    private static int? Pair(int first, int second)
    {
        int lead = first - LeadBase, vowel = second - VowelBase, syllable = first - SyllableBase, tail = second - TailBase;
        if (lead is >= 0 and < 19 && vowel is >= 0 and < VowelCount)
            return SyllableBase + (((lead * VowelCount) + vowel) * TailCount);
        if (syllable is >= 0 and < SyllableCount && syllable % TailCount == 0 && tail is > 0 and < TailCount)
            return first + tail;
        return Compositions.TryGetValue((first, second), out int composed) ? composed : null;
    }
}
