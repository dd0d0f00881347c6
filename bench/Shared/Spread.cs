using System.Globalization;

namespace CodeTuner.Measuring;

/// <summary>The median of some measurements and the quartiles around it: what disturbs a few does not count.</summary>
internal sealed class Spread
{
    private readonly double[] values;

    public Spread(IEnumerable<double> values) => this.values = [.. values.Order()];

    public double Median => Quantile(0.5);

    /// <summary>Median, and the quartiles in brackets.</summary>
    public string Text(string format)
    {
        string At(double share) => Quantile(share).ToString(format, CultureInfo.InvariantCulture);
        return values.Length == 0 ? "none" : $"{At(0.5)} ({At(0.25)} – {At(0.75)})";
    }

    /// <summary>What this share of the values is below, between the two nearest.</summary>
    public double Quantile(double share)
    {
        double at = share * (values.Length - 1);
        int below = (int)at, above = Math.Min(below + 1, values.Length - 1);
        return values[below] + ((at - below) * (values[above] - values[below]));
    }
}
