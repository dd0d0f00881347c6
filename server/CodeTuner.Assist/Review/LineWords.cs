using System.Text.RegularExpressions;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Review;

/// <summary>A line as words: names, numbers and operators, white space left out.</summary>
internal static partial class LineWords
{
    /// <summary>The words of a line with their places.</summary>
    public static IReadOnlyList<(string Word, TextSpan Span)> Of(string line) =>
        [.. Words().Matches(line).Select(m => (m.Value, new TextSpan(m.Index, m.Index + m.Length)))];

    /// <summary>Whether two lines differ in white space at most.</summary>
    public static bool Same(string a, string b) => Of(a).Select(w => w.Word).SequenceEqual(Of(b).Select(w => w.Word), StringComparer.Ordinal);

    /// <summary>The share of words that both have in the same order: 1 for the same line, 0 for nothing in common.</summary>
    public static double Similarity(string a, string b)
    {
        string[] before = [.. Of(a).Select(w => w.Word)], after = [.. Of(b).Select(w => w.Word)];
        return before.Length + after.Length == 0 ? 1 : 2.0 * Common(before, after) / (before.Length + after.Length);
    }

    /// <summary>Whether <paramref name="shorter"/> is only <paramref name="line"/> with words taken out.</summary>
    public static bool IsPartOf(string shorter, string line)
    {
        string[] before = [.. Of(line).Select(w => w.Word)], after = [.. Of(shorter).Select(w => w.Word)];
        return Common(before, after) == after.Length;
    }

    /// <summary>Where two lines differ: what is left of each between their common words at both ends.</summary>
    public static (string Before, string After) Difference(string a, string b)
    {
        IReadOnlyList<(string Word, TextSpan Span)> before = Of(a), after = Of(b);
        int start = 0, end = 0, shorter = Math.Min(before.Count, after.Count);
        while (start < shorter && before[start].Word == after[start].Word)
            start++;
        while (end < shorter - start && before[^(end + 1)].Word == after[^(end + 1)].Word)
            end++;
        return (Part(a, before, start, end), Part(b, after, start, end));
    }

    private static string Part(string line, IReadOnlyList<(string Word, TextSpan Span)> words, int start, int end) =>
        words.Count - end <= start ? "" : line[words[start].Span.Start..words[words.Count - end - 1].Span.End];

    // The length of the longest common subsequence.
    private static int Common(string[] a, string[] b)
    {
        int[] row = new int[b.Length + 1];
        foreach (string word in a)
        {
            int diagonal = 0;
            for (int j = 0; j < b.Length; j++)
            {
                int above = row[j + 1];
                row[j + 1] = word == b[j] ? diagonal + 1 : Math.Max(above, row[j]);
                diagonal = above;
            }
        }

        return row[^1];
    }

    [GeneratedRegex(@"[\p{L}\p{Nd}_]+|[-+*/%&|^=<>!?:.]+|[^\s]")]
    private static partial Regex Words();
}
