namespace CodeTuner.Models.Generation;

/// <summary>How to draw tokens from the model, and when to stop.</summary>
public sealed record GenerationOptions
{
    /// <summary>The most tokens to draw.</summary>
    public int MaxTokens { get; init; } = 64;

    /// <summary>Softmax temperature; 0 means greedy: always the most probable token.</summary>
    public float Temperature { get; init; }

    /// <summary>Nucleus sampling: draw among the most probable tokens that together hold this probability. 1 turns it off.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Seed of the draw; the same seed and prompt give the same text.</summary>
    public ulong Seed { get; init; }

    /// <summary>Token ids that end the text; they are not part of it.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];

    /// <summary>
    /// Called with the whole text so far after each token; true stops the generation.
    /// The text never ends in half a character.
    /// </summary>
    public Func<string, bool>? ShouldStop { get; init; }
}
