namespace CodeTuner.LanguageServer.Protocol.Extensions;

internal sealed record ModelList(ModelInfo[] Models);

internal sealed record ModelInfo(string Name, string Path, long Parameters, bool Embedded, bool Active)
{
    public string? Description { get; init; }
}

internal sealed record Statistics(long Shown, long Accepted, long CharactersAccepted, RetentionShare[] Retention, LatencyFigures Latency);

/// <param name="Seconds">After so many seconds.</param>
/// <param name="Of">How many accepted completions are that old.</param>
internal sealed record RetentionShare(int Seconds, long Of)
{
    /// <summary>The share still there, 0 to 1.</summary>
    public double? Share { get; init; }
}

/// <summary>Milliseconds from request to answer.</summary>
internal sealed record LatencyFigures(long Count)
{
    public double? P50 { get; init; }

    public double? P95 { get; init; }
}

internal sealed record DoctorReport(Check[] Checks);

internal sealed record Check(string Name, CheckStatus Status, string Detail)
{
    public string? Advice { get; init; }
}

internal enum CheckStatus
{
    Ok,
    Warning,
    Error,
}
