namespace CodeTuner.Compare;

/// <summary>The median of some values and the quartiles around it: what disturbs a few rounds does not count.</summary>
internal sealed class Spread
{
    private readonly double[] values;

    public Spread(IEnumerable<double> values) => this.values = [.. values.Order()];

    public double Median => Quantile(0.5);

    /// <summary>Median, and the quartiles in brackets.</summary>
    public string Text(string format) => $"{Quantile(0.5).ToString(format)} ({Quantile(0.25).ToString(format)} – {Quantile(0.75).ToString(format)})";

    private double Quantile(double share)
    {
        double at = share * (values.Length - 1);
        int below = (int)at, above = Math.Min(below + 1, values.Length - 1);
        return values[below] + ((at - below) * (values[above] - values[below]));
    }
}
