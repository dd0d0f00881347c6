namespace CodeTuner.Assist.Statistics;

/// <summary>Counts of times in bins that widen by a fifth each: 1 ms to a minute within 10 %.</summary>
public sealed class LatencyHistogram
{
    private const double Growth = 1.2;
    private const int Bins = 62;

    /// <summary>How many times fell into each bin; bin 0 is up to 1 ms.</summary>
    public long[] Counts { get; set; } = new long[Bins];

    /// <summary>How many times there are.</summary>
    public long Count() => Counts.Sum();

    /// <summary>Adds a time.</summary>
    public void Add(TimeSpan time) =>
        Counts[(int)Math.Clamp(Math.Ceiling(Math.Log(Math.Max(1, time.TotalMilliseconds)) / Math.Log(Growth)), 0, Bins - 1)]++;

    /// <summary>The time in milliseconds that the given share of all times does not exceed; null where there are none.</summary>
    public double? Quantile(double share)
    {
        long wanted = (long)Math.Ceiling(share * Count()), seen = 0;
        if (Count() == 0)
            return null;
        for (int bin = 0; bin < Bins; bin++)
        {
            seen += Counts[bin];
            if (seen >= Math.Max(1, wanted))
                return Math.Pow(Growth, bin == 0 ? 0 : bin - 0.5); // the bin's middle
        }

        return null;
    }

    internal bool IsSound() => Counts?.Length == Bins && Counts.All(c => c >= 0);
}
