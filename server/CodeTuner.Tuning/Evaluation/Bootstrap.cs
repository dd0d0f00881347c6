using CodeTuner.Models;

namespace CodeTuner.Tuning.Evaluation;

/// <summary>A value with its confidence interval.</summary>
/// <param name="Value">The value over all the data.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
public sealed record Interval(double Value, double Low, double High);

/// <summary>
/// Percentile bootstrap (Efron 1979): the statistic of many samples drawn with replacement from the data. It takes the data as
/// independent; stretches of one file are not quite, so the intervals are somewhat too narrow where few files are measured.
/// </summary>
public static class Bootstrap
{
    private const int Resamples = 2000;
    private const double Confidence = 0.95;

    /// <summary>The mean with its 95 % interval; zero of nothing.</summary>
    public static Interval Mean(IReadOnlyList<double> values, ulong seed = 1) => Ratio(values, [.. values.Select(_ => 1.0)], seed);

    /// <summary>Σ numerators / Σ denominators with its 95 % interval, pairs drawn together: such as loss a token over sequences.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others.</exception>
    public static Interval Ratio(IReadOnlyList<double> numerators, IReadOnlyList<double> denominators, ulong seed = 1)
    {
        int count = numerators.Count;
        if (denominators.Count != count)
            throw new ArgumentException($"There are {count} numerators and {denominators.Count} denominators; they must go in pairs.", nameof(denominators));
        double total = denominators.Sum();
        if (count == 0 || total == 0)
            return new Interval(0, 0, 0);
        RandomSequence random = new(seed);
        double[] statistics = new double[Resamples];
        for (int r = 0; r < Resamples; r++)
        {
            double top = 0, bottom = 0;
            for (int i = 0; i < count; i++)
            {
                int drawn = random.NextInt(count);
                top += numerators[drawn];
                bottom += denominators[drawn];
            }

            statistics[r] = bottom == 0 ? 0 : top / bottom;
        }

        Array.Sort(statistics);
        double tail = (1 - Confidence) / 2;
        return new Interval(numerators.Sum() / total, Quantile(statistics, tail), Quantile(statistics, 1 - tail));
    }

    private static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
