namespace CodeTuner.Tuning.Evaluation;

/// <summary>How often each run of n items stands in a sequence.</summary>
internal static class NgramCounts
{
    public static Dictionary<string, int> Of(IReadOnlyList<string> items, int order)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        for (int i = 0; i + order <= items.Count; i++)
        {
            string key = string.Join('\u0001', items.Skip(i).Take(order));
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return counts;
    }

    /// <summary>How many of <paramref name="hypothesis"/> are in <paramref name="reference"/>, each at most as often as there.</summary>
    public static int Matches(Dictionary<string, int> hypothesis, Dictionary<string, int> reference) =>
        hypothesis.Sum(p => Math.Min(p.Value, reference.GetValueOrDefault(p.Key)));
}
