namespace CodeTuner.Models.Generation;

/// <summary>Why a generation ended.</summary>
public enum FinishReason
{
    /// <summary>A stop token was drawn.</summary>
    StopToken,

    /// <summary><see cref="GenerationOptions.ShouldStop"/> said so.</summary>
    StopRule,

    /// <summary><see cref="GenerationOptions.MaxTokens"/> or the model's context was reached.</summary>
    Length,
}

/// <summary>What a model wrote.</summary>
/// <param name="Text">The decoded text, stop token excluded.</param>
/// <param name="Tokens">The token ids of the text.</param>
/// <param name="LogProbabilities">The natural-log probability the model gave each token (at temperature 1), as long as <paramref name="Tokens"/>.</param>
/// <param name="FinishReason">Why it ended.</param>
/// <param name="ReusedPromptTokens">How many tokens of the prompt were found in the KV cache and not computed again.</param>
public sealed record GenerationResult(
    string Text,
    IReadOnlyList<int> Tokens,
    IReadOnlyList<float> LogProbabilities,
    FinishReason FinishReason,
    int ReusedPromptTokens)
{
    /// <summary>How often the model ran: fewer times than tokens where it checked some at once.</summary>
    public int Steps { get; init; }
}
