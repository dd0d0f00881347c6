namespace CodeTuner.Assist.Completion;

/// <summary>How much a completion may take.</summary>
public sealed record CompletionOptions
{
    /// <summary>The most tokens of a line.</summary>
    public int LineTokens { get; init; } = 32;

    /// <summary>The most tokens of several lines.</summary>
    public int BlockTokens { get; init; } = 96;

    /// <summary>The most tokens of a prompt.</summary>
    public int PromptTokens { get; init; } = 512;

    /// <summary>The most lines in an empty block; 1 gives single lines everywhere.</summary>
    public int MaxLines { get; init; } = 12;

    /// <summary>Once this has gone, the line under way is the last.</summary>
    public TimeSpan TimeBudget { get; init; } = TimeSpan.FromMilliseconds(500);
}
