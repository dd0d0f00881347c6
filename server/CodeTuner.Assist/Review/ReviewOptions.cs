namespace CodeTuner.Assist.Review;

/// <summary>How much a review looks at, and when it speaks. The thresholds were chosen on real repositories so that good code is left alone.</summary>
public sealed record ReviewOptions
{
    /// <summary>The most lines that are judged.</summary>
    public int MaxLines { get; init; } = 40;

    /// <summary>The most lines, the most surprising ones, for which the model is asked what it would write.</summary>
    public int MaxProposals { get; init; } = 8;

    /// <summary>The least surprise of a line, in nats a token, that is worth a look.</summary>
    public double LeastSurprise { get; init; } = 1.0;

    /// <summary>
    /// How sure the model must be of what it writes instead: the least mean natural-log probability of a token. Where its best guess
    /// is a wild one, it has no right to judge.
    /// </summary>
    public double LeastConfidence { get; init; } = -0.5;

    /// <summary>The most surprise of the whole replacing line, in nats a token.</summary>
    public double MostReplacementSurprise { get; init; } = 3;

    /// <summary>By how many nats a token the model's own line must be less surprising.</summary>
    public double LeastMargin { get; init; } = 0.3;

    /// <summary>
    /// By how many nats it must be less surprising as a whole: ten make it 22,000 times as probable. A margin a token alone is too
    /// easy for a short line.
    /// </summary>
    public double LeastGain { get; init; } = 10;

    /// <summary>The thresholds of a sensitivity; <see cref="ReviewSensitivity.Low"/> is what a new object has.</summary>
    public static ReviewOptions Of(ReviewSensitivity sensitivity) => sensitivity switch
    {
        ReviewSensitivity.High => new() { LeastSurprise = 0.5, LeastConfidence = -1.8, LeastMargin = 0.15, LeastGain = 2.5 },
        ReviewSensitivity.Medium => new() { LeastSurprise = 0.8, LeastConfidence = -1, LeastMargin = 0.25, LeastGain = 6 },
        _ => new(),
    };
}
