namespace CodeTuner.Tuning.Datasets;

/// <summary>What a sample teaches.</summary>
public enum SampleKind
{
    /// <summary>To fill a gap in a file.</summary>
    FillInTheMiddle,

    /// <summary>To fill a gap in a file after pieces of other files.</summary>
    Retrieval,

    /// <summary>To write on.</summary>
    LeftToRight,

    /// <summary>Not to forget what the base writes.</summary>
    Replay,
}

/// <summary>A sequence of tokens and where the loss counts.</summary>
/// <param name="Ids">The token ids.</param>
/// <param name="FirstCounted">The first position that has to be predicted; all after it count too.</param>
/// <param name="Kind">What it teaches.</param>
public sealed record TrainingSample(int[] Ids, int FirstCounted, SampleKind Kind = SampleKind.FillInTheMiddle);
