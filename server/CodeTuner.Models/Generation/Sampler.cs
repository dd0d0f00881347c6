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
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best])
                best = i;
        }

        double sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit - logits[best]);
        int token = options.Temperature > 0 ? DrawRandom(logits, logits[best]) : best;
        return (token, (float)(logits[token] - logits[best] - Math.Log(sum)));
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
