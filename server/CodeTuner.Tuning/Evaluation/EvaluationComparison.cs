namespace CodeTuner.Tuning.Evaluation;

/// <summary>
/// What a tuned model gained over another on the same spots and sequences: differences, better is positive, each with its
/// paired 95 % bootstrap interval. Pairing takes out how hard each spot is, so these are far narrower than the intervals of each.
/// </summary>
/// <param name="LossGain">Loss before − after, nats a token.</param>
/// <param name="BitsPerByteGain">Bits a byte before − after.</param>
/// <param name="ExactMatchGain">Exact matches after − before, as a share of the spots.</param>
/// <param name="EditSimilarityGain">Edit similarity after − before.</param>
/// <param name="IdentifierF1Gain">Identifier F1 after − before.</param>
/// <param name="SyntaxValidGain">The share that parses after − before.</param>
/// <param name="Spots">How many spots were compared.</param>
/// <param name="Sequences">How many sequences were compared.</param>
public sealed record EvaluationComparison(
    Interval LossGain, Interval BitsPerByteGain, Interval ExactMatchGain, Interval EditSimilarityGain, Interval IdentifierF1Gain,
    Interval SyntaxValidGain, int Spots, int Sequences)
{
    /// <summary>Compares two results on the same spots and sequences.</summary>
    /// <exception cref="ArgumentException">They are of different spots or sequences.</exception>
    public static EvaluationComparison Of(EvaluationResult before, EvaluationResult after)
    {
        if (before.Spots.Count != after.Spots.Count)
            throw new ArgumentException($"The one evaluation has {before.Spots.Count} spots, the other {after.Spots.Count}. Evaluate both on one set.", nameof(after));
        (SpotResult First, SpotResult Second)[] pairs = [.. before.Spots.Zip(after.Spots)];
        Interval Spot(Func<SpotResult, double> measure) => Bootstrap.Mean([.. pairs.Select(p => measure(p.Second) - measure(p.First))]);
        return new EvaluationComparison(
            LossGainOf(before, after),
            GainOf(before, after, s => s.Bytes * Math.Log(2)),
            Spot(s => s.ExactMatch),
            Spot(s => s.EditSimilarity),
            Spot(s => s.IdentifierF1),
            Bootstrap.Mean([.. pairs.Where(p => p.First.SyntaxValid is not null && p.Second.SyntaxValid is not null)
                .Select(p => (p.Second.SyntaxValid == true ? 1.0 : 0) - (p.First.SyntaxValid == true ? 1.0 : 0))]),
            pairs.Length,
            before.Sequences.Count);
    }

    /// <summary>The loss gained alone, for results whose spots were not filled.</summary>
    /// <exception cref="ArgumentException">They are of different sequences.</exception>
    public static Interval LossGainOf(EvaluationResult before, EvaluationResult after) => GainOf(before, after, s => s.Tokens);

    private static Interval GainOf(EvaluationResult before, EvaluationResult after, Func<SequenceResult, double> unit)
    {
        if (!before.Sequences.Select(s => (s.Tokens, s.Bytes)).SequenceEqual(after.Sequences.Select(s => (s.Tokens, s.Bytes))))
            throw new ArgumentException("The two evaluations are not of the same sequences. Evaluate both on one set.", nameof(after));
        return Bootstrap.Ratio([.. before.Sequences.Zip(after.Sequences, (b, a) => b.Nats - a.Nats)], [.. before.Sequences.Select(unit)]);
    }
}
