namespace CodeTuner.Assist.Completion;

/// <summary>
/// How long to wait for the next key before a model is asked: a little longer than this user mostly takes between two keys, so that
/// a pause is a pause. Safe to use from several threads.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="least">The shortest wait; 75 ms where not given, and never above 400 ms.</param>
public sealed class TypingRhythm(TimeProvider time, TimeSpan? least = null)
{
    private const int Remembered = 32;
    private const int Enough = 5;
    private const double Most = 400;
    private const double Unknown = 150;

    // Longer than three in four gaps, and a little more.
    private const double Quantile = 0.75;
    private const double Margin = 1.2;

    // A longer pause is thinking, not typing.
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Queue<double> gaps = new();
    private long? last;

    /// <summary>A key was typed.</summary>
    public void KeyTyped()
    {
        lock (gate)
        {
            long now = time.GetTimestamp();
            if (last is { } before && time.GetElapsedTime(before, now) is var gap && gap < LongestGap)
            {
                gaps.Enqueue(gap.TotalMilliseconds);
                if (gaps.Count > Remembered)
                    gaps.Dequeue();
            }

            last = now;
        }
    }

    /// <summary>The wait.</summary>
    public TimeSpan Delay
    {
        get
        {
            lock (gate)
            {
                double[] sorted = [.. gaps.Order()];
                double wanted = sorted.Length < Enough ? Unknown : sorted[(int)(Quantile * (sorted.Length - 1))] * Margin;
                double shortest = Math.Clamp((least ?? TimeSpan.FromMilliseconds(75)).TotalMilliseconds, 0, Most);
                return TimeSpan.FromMilliseconds(Math.Clamp(wanted, shortest, Most));
            }
        }
    }
}
