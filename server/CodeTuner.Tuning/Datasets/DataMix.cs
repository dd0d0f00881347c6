namespace CodeTuner.Tuning.Datasets;

/// <summary>What samples are made of, as shares of their number; the rest is fill-in-the-middle.</summary>
public sealed record DataMix
{
    /// <summary>Plain left-to-right code.</summary>
    public double LeftToRight { get; init; } = 0.20;

    /// <summary>Fill-in-the-middle after pieces of other files.</summary>
    public double Retrieval { get; init; } = 0.10;

    /// <summary>Samples drawn from the base model itself, against forgetting.</summary>
    public double Replay { get; init; } = 0.10;

    /// <summary>Of the fill-in-the-middle spans, those that are syntactic units; the others are random.</summary>
    public double Syntactic { get; init; } = 0.70;
}
