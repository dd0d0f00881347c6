namespace CodeTuner.Tuning.Health;

/// <summary>How a check went.</summary>
public enum HealthStatus
{
    /// <summary>Nothing to do.</summary>
    Ok,

    /// <summary>It works, but less well than it could.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Error,
}

/// <summary>Whether this machine has one of the things that CodeTuner needs.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Status">How it went.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Advice">What to do; null where nothing is.</param>
public sealed record HealthCheck(string Name, HealthStatus Status, string Detail, string? Advice = null)
{
    /// <summary>What the detail speaks of, one by one.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];
}
