using System.Text.RegularExpressions;

namespace CodeTuner.Tuning.Evaluation;

/// <summary>BLEU (Papineni et al. 2002) over the 13a tokens of sacrebleu, with its exponential smoothing. 0 to 100.</summary>
public static partial class Bleu
{
    private const int Order = 4;

    /// <summary>The score of one line; orders it is too short for do not count.</summary>
    public static double Sentence(string hypothesis, string reference)
    {
        long[] statistics = Statistics(hypothesis, reference);
        return Score(statistics, effectiveOrder: true);
    }

    /// <summary>The score of many lines, their counts added up.</summary>
    public static double Corpus(IEnumerable<(string Hypothesis, string Reference)> pairs)
    {
        long[] total = new long[2 + (2 * Order)];
        foreach ((string hypothesis, string reference) in pairs)
        {
            long[] own = Statistics(hypothesis, reference);
            for (int i = 0; i < total.Length; i++)
                total[i] += own[i];
        }

        return Score(total, effectiveOrder: false);
    }

    /// <summary>The tokens of mteval-v13a.</summary>
    internal static string[] Tokens(string line)
    {
        line = line.TrimEnd().Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ');
        if (line.Contains('&', StringComparison.Ordinal))
        {
            line = line.Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal)
                .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);
        }

        line = Punctuation().Replace($" {line} ", " $1 ");
        line = PeriodAfterNonDigit().Replace(line, "$1 $2 ");
        line = PeriodBeforeNonDigit().Replace(line, " $1 $2");
        line = DashAfterDigit().Replace(line, "$1 $2 ");
        return line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    // Lengths of hypothesis and reference, then matches and n-grams of each order.
    private static long[] Statistics(string hypothesis, string reference)
    {
        string[] h = Tokens(hypothesis), r = Tokens(reference);
        long[] statistics = new long[2 + (2 * Order)];
        (statistics[0], statistics[1]) = (h.Length, r.Length);
        for (int n = 1; n <= Order; n++)
        {
            statistics[2 * n] = NgramCounts.Matches(NgramCounts.Of(h, n), NgramCounts.Of(r, n));
            statistics[(2 * n) + 1] = Math.Max(0, h.Length - n + 1);
        }

        return statistics;
    }

    private static double Score(long[] statistics, bool effectiveOrder)
    {
        (long hypothesis, long reference) = (statistics[0], statistics[1]);
        if (statistics[2] == 0 && statistics[4] == 0 && statistics[6] == 0 && statistics[8] == 0)
            return 0;
        double smoothing = 1, logSum = 0;
        int orders = Order;
        for (int n = 1; n <= Order; n++)
        {
            long matches = statistics[2 * n], total = statistics[(2 * n) + 1];
            if (total == 0)
            {
                if (!effectiveOrder)
                    return 0;
                orders = n - 1;
                break;
            }

            if (matches == 0)
                smoothing *= 2;
            logSum += Math.Log(matches == 0 ? 100 / (smoothing * total) : 100.0 * matches / total);
        }

        double brevity = hypothesis == 0 ? 0 : hypothesis < reference ? Math.Exp(1 - ((double)reference / hypothesis)) : 1;
        return orders == 0 ? 0 : brevity * Math.Exp(logSum / orders);
    }

    [GeneratedRegex(@"([\{-\~\[-\` -\&\(-\+\:-\@\/])", RegexOptions.CultureInvariant)]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"([^0-9])([\.,])", RegexOptions.CultureInvariant)]
    private static partial Regex PeriodAfterNonDigit();

    [GeneratedRegex(@"([\.,])([^0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex PeriodBeforeNonDigit();

    [GeneratedRegex(@"([0-9])(-)", RegexOptions.CultureInvariant)]
    private static partial Regex DashAfterDigit();
}
