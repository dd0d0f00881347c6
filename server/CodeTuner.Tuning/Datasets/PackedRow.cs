namespace CodeTuner.Tuning.Datasets;

/// <summary>Samples packed into a row of fixed length; none sees another.</summary>
/// <param name="Ids">(T) token ids; padded at the end.</param>
/// <param name="Labels">(T): the token that each position has to predict, or <see cref="IgnoreIndex"/>.</param>
/// <param name="FirstKeys">(T): the first position that each may look at, its sample's start.</param>
public sealed record PackedRow(int[] Ids, int[] Labels, int[] FirstKeys)
{
    /// <summary>A label that does not count, as in PyTorch.</summary>
    public const int IgnoreIndex = -100;

    /// <summary>Each position's place in its own sample.</summary>
    public int[] Positions => [.. FirstKeys.Select((first, i) => i - first)];

    /// <summary>Labels that count.</summary>
    public int Counted => Labels.Count(l => l != IgnoreIndex);
}
