namespace CodeTuner.Tuning.Datasets;

/// <summary>A sequence of tokens and where the loss counts.</summary>
/// <param name="Ids">The token ids.</param>
/// <param name="FirstCounted">The first position that has to be predicted; all after it count too.</param>
public sealed record TrainingSample(int[] Ids, int FirstCounted);
