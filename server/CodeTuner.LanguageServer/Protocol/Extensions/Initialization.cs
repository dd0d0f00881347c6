namespace CodeTuner.LanguageServer.Protocol.Extensions;

/// <summary>What the client says beside LSP when it starts the server.</summary>
internal sealed record InitializationOptions
{
    /// <summary>Whether the user trusts the workspace.</summary>
    public bool? Trusted { get; init; }

    /// <summary>Where state lies; null takes the user's data folder.</summary>
    public string? StateFolder { get; init; }
}

/// <summary>Parameters of a method that has none of its own, so that none can be wrong.</summary>
internal sealed record NoParams;

/// <param name="Id">The completion that was shown.</param>
internal sealed record ShownCompletionParams(string Id);

/// <param name="Idle">Whether the user has done nothing for a while.</param>
internal sealed record UserIsIdleParams(bool Idle)
{
    public bool? OnBattery { get; init; }
}

/// <summary>The argument of <c>codetuner.dismissSuggestion</c>.</summary>
internal sealed record DismissParams(string Uri, string Fingerprint);
