using System.Text;

namespace CodeTuner.Tuning.Evaluation;

/// <summary>Distances between texts in Unicode scalars.</summary>
public static class EditDistance
{
    /// <summary>Levenshtein's distance: the fewest insertions, deletions and substitutions.</summary>
    public static int Levenshtein(string a, string b) => Distance(Runes(a), Runes(b), substitution: 1);

    /// <summary>1 − distance / the longer length; 1 for two empty texts.</summary>
    public static double Similarity(string a, string b)
    {
        int longer = Math.Max(Runes(a).Length, Runes(b).Length);
        return longer == 0 ? 1 : 1 - ((double)Levenshtein(a, b) / longer);
    }

    /// <summary>1 − the fewest insertions and deletions / the lengths' sum (rapidfuzz's <c>ratio</c>, as a share); 1 for two empty texts.</summary>
    public static double IndelRatio(string a, string b)
    {
        Rune[] x = Runes(a), y = Runes(b);
        return x.Length + y.Length == 0 ? 1 : 1 - ((double)Distance(x, y, substitution: 2) / (x.Length + y.Length));
    }

    private static Rune[] Runes(string text) => [.. text.EnumerateRunes()];

    private static int Distance(Rune[] a, Rune[] b, int substitution)
    {
        int[] row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
            row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = a[i - 1] == b[j - 1] ? diagonal : Math.Min(diagonal + substitution, Math.Min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
