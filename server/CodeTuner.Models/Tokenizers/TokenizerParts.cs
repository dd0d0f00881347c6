namespace CodeTuner.Models.Tokenizers;

/// <summary>What a <c>tokenizer.json</c> with byte-level BPE is made of.</summary>
internal sealed record TokenizerParts
{
    public required IReadOnlyDictionary<string, int> Vocabulary { get; init; }

    public required IReadOnlyDictionary<(int Left, int Right), (int Rank, int Merged)> Merges { get; init; }

    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>The stages that cut text into words, in order.</summary>
    public required IReadOnlyList<PreTokenizer> PreTokenizers { get; init; }

    public bool NormalizesToNfc { get; init; }

    public bool AddsPrefixSpace { get; init; }

    public bool IgnoresMerges { get; init; }

    /// <summary>Special tokens put before a text.</summary>
    public IReadOnlyList<int> IdsBefore { get; init; } = [];

    /// <summary>Special tokens put after a text.</summary>
    public IReadOnlyList<int> IdsAfter { get; init; } = [];
}
