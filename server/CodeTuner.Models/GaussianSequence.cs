namespace CodeTuner.Models;

/// <summary>Standard normal numbers, by Box and Muller's method.</summary>
public sealed class GaussianSequence(ulong seed)
{
    private readonly RandomSequence random = new(seed);
    private double? spare;

    /// <summary>The next number.</summary>
    public float Next()
    {
        if (spare is { } kept)
        {
            spare = null;
            return (float)kept;
        }

        double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())), angle = 2 * Math.PI * random.NextDouble();
        spare = radius * Math.Sin(angle);
        return (float)(radius * Math.Cos(angle));
    }
}
