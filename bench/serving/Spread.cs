using System.Globalization;

namespace CodeTuner.Serving;

/// <summary>The median of some measurements and the quartiles around it: what disturbs a few does not count.</summary>
internal static class Spread
{
    public static string Of(IEnumerable<double> values, string format)
    {
        double[] sorted = [.. values.Order()];
        string At(double share) => Quantile(sorted, share).ToString(format, CultureInfo.InvariantCulture);
        return sorted.Length == 0 ? "none" : $"{At(0.5)} ({At(0.25)} – {At(0.75)})";
    }

    /// <summary>A quantile of sorted values, between the two nearest.</summary>
    public static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at, above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }
}
