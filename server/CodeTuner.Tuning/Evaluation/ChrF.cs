namespace CodeTuner.Tuning.Evaluation;

/// <summary>chrF: an F score of character n-grams up to six, recall counting twice (Popović 2015), with sacrebleu's conventions. 0 to 100.</summary>
public static class ChrF
{
    private const int Order = 6;
    private const double BetaSquared = 4;

    /// <summary>The score of one line.</summary>
    public static double Sentence(string hypothesis, string reference) => Score(Statistics(hypothesis, reference));

    /// <summary>The score of many lines, their counts added up.</summary>
    public static double Corpus(IEnumerable<(string Hypothesis, string Reference)> pairs)
    {
        long[] total = new long[Order * 3];
        foreach ((string hypothesis, string reference) in pairs)
        {
            long[] own = Statistics(hypothesis, reference);
            for (int i = 0; i < total.Length; i++)
                total[i] += own[i];
        }

        return Score(total);
    }

    // For each order: n-grams of the hypothesis, of the reference, and in both.
    private static long[] Statistics(string hypothesis, string reference)
    {
        string[] h = Characters(hypothesis), r = Characters(reference);
        long[] counts = new long[Order * 3];
        for (int n = 1; n <= Order; n++)
        {
            Dictionary<string, int> inHypothesis = NgramCounts.Of(h, n), inReference = NgramCounts.Of(r, n);
            int at = 3 * (n - 1);

            // Orders that the reference is too short for do not count against the hypothesis.
            counts[at] = inReference.Count > 0 ? inHypothesis.Values.Sum() : 0;
            counts[at + 1] = inReference.Values.Sum();
            counts[at + 2] = NgramCounts.Matches(inHypothesis, inReference);
        }

        return counts;
    }

    private static string[] Characters(string text) =>
        [.. text.EnumerateRunes().Where(r => !System.Text.Rune.IsWhiteSpace(r)).Select(r => r.ToString())];

    private static double Score(long[] counts)
    {
        double precision = 0, recall = 0;
        int orders = 0;
        for (int at = 0; at < counts.Length; at += 3)
        {
            if (counts[at] == 0 || counts[at + 1] == 0)
                continue;
            precision += (double)counts[at + 2] / counts[at];
            recall += (double)counts[at + 2] / counts[at + 1];
            orders++;
        }

        if (orders == 0)
            return 0;
        precision /= orders;
        recall /= orders;
        return precision + recall == 0 ? 0 : 100 * (1 + BetaSquared) * precision * recall / ((BetaSquared * precision) + recall);
    }
}
