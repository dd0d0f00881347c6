using System.Numerics;
using System.Runtime.Intrinsics;

namespace CodeTuner.Models.Generation;

/// <summary>Draws a token from logits: greedy, or by temperature and nucleus (Holtzman et al. 2020, arXiv 1904.09751).</summary>
internal sealed class Sampler(GenerationOptions options)
{
    private readonly RandomSequence random = new(options.Seed);
    private float[] probabilities = [];
    private int[] order = [];

    /// <summary>The token and its natural-log probability at temperature 1.</summary>
    public (int Token, float LogProbability) Draw(ReadOnlySpan<float> logits)
    {
        int best = Largest(logits);
        double sum = SumOfExponentials(logits, logits[best]);
        int token = options.Temperature > 0 ? DrawRandom(logits, logits[best]) : best;
        return (token, (float)(logits[token] - logits[best] - Math.Log(sum)));
    }

    /// <summary>The place of the largest value, the first of equals.</summary>
    internal static int Largest(ReadOnlySpan<float> values)
    {
        int width = Vector<float>.Count, at = 0;
        float largest = float.NegativeInfinity;
        if (values.Length >= width)
        {
            Vector<float> most = new(largest);
            for (; at <= values.Length - width; at += width)
            {
                Vector<float> next = new(values[at..]);
                most = Vector.ConditionalSelect(Vector.GreaterThan(next, most), next, most);
            }

            for (int i = 0; i < width; i++)
                largest = most[i] > largest ? most[i] : largest;
        }

        for (; at < values.Length; at++)
            largest = values[at] > largest ? values[at] : largest;
        return Math.Max(0, values.IndexOf(largest));
    }

    private static double SumOfExponentials(ReadOnlySpan<float> logits, float max)
    {
        int width = Vector<float>.Count, at = 0;
        double total = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            // Vector<float> stays at 256 bits there; two sums, as one would wait for itself.
            Vector512<double> first = Vector512<double>.Zero, second = Vector512<double>.Zero;
            for (; at <= logits.Length - Vector512<float>.Count; at += Vector512<float>.Count)
            {
                (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.Exp(Vector512.Create(logits[at..]) - Vector512.Create(max)));
                first += low;
                second += high;
            }

            total = Vector512.Sum(first + second);
        }

        Vector<double> sum = Vector<double>.Zero;
        for (; at <= logits.Length - width; at += width)
        {
            Vector.Widen(Vector.Exp(new Vector<float>(logits[at..]) - new Vector<float>(max)), out Vector<double> low, out Vector<double> high);
            sum += low + high;
        }

        total += Vector.Sum(sum);
        for (; at < logits.Length; at++)
            total += Math.Exp(logits[at] - max);
        return total;
    }

    private int DrawRandom(ReadOnlySpan<float> logits, float max)
    {
        if (probabilities.Length != logits.Length)
        {
            probabilities = new float[logits.Length];
            order = new int[logits.Length];
        }

        double total = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            order[i] = i;
            total += probabilities[i] = MathF.Exp((logits[i] - max) / options.Temperature);
        }

        int count = logits.Length;
        double mass = total;
        if (options.TopP < 1)
        {
            Array.Sort(order, (a, b) => probabilities[a] != probabilities[b] ? probabilities[b].CompareTo(probabilities[a]) : a.CompareTo(b));
            double wanted = Math.Max(0, options.TopP) * total;
            mass = 0;
            for (count = 0; count < order.Length && (count == 0 || mass < wanted); count++)
                mass += probabilities[order[count]];
        }

        double at = random.NextDouble() * mass;
        for (int i = 0; i < count; i++)
        {
            at -= probabilities[order[i]];
            if (at < 0)
                return order[i];
        }

        return order[count - 1];
    }
}
