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

    /// <summary>Of the fill-in-the-middle samples, those whose gap begins some lines above what is to be written, as completion lets it.</summary>
    public double LinesAbove { get; init; } = 0.5;

    /// <summary>Refuses shares that are none.</summary>
    /// <exception cref="TuningException">A share is not in 0 … 1, or they exceed 1 together, or nothing but replay is left.</exception>
    public void Validate()
    {
        foreach ((string name, double share) in ((string, double)[])[("leftToRight", LeftToRight), ("retrieval", Retrieval), ("replay", Replay), ("syntactic", Syntactic), ("linesAbove", LinesAbove)])
        {
            if (!(share >= 0 && share <= 1))
                throw new TuningException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The data mix's share \"{name}\" is {share}; give a number from 0 to 1."));
        }

        if (LeftToRight + Retrieval + Replay > 1 + 1e-9)
            throw new TuningException("The data mix's shares leftToRight, retrieval and replay exceed 1 together; what they leave is fill-in-the-middle.");
        if (Replay >= 1)
            throw new TuningException("The data mix is all replay: nothing of the workspace would be learned. Lower its share \"replay\".");
    }
}
