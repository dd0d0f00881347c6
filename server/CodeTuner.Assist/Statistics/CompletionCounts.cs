using System.Text.Json.Serialization;

namespace CodeTuner.Assist.Statistics;

/// <summary>What is counted of completions: numbers alone, no code.</summary>
public sealed class CompletionCounts
{
    /// <summary>When counting began.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>Completions that were shown.</summary>
    public long Shown { get; set; }

    /// <summary>Of these, without asking a model.</summary>
    public long ShownFromCache { get; set; }

    /// <summary>Completions that were accepted whole.</summary>
    public long Accepted { get; set; }

    /// <summary>Completions of which a part was accepted, and not the whole afterwards.</summary>
    public long PartiallyAccepted { get; set; }

    /// <summary>Completions that stood long enough to be read and were not accepted.</summary>
    public long Dismissed { get; set; }

    /// <summary>UTF-16 units that were accepted.</summary>
    public long CharactersAccepted { get; set; }

    /// <summary>What became of accepted texts.</summary>
    public List<RetentionCount> Retention { get; set; } = [];

    /// <summary>How long a model took to answer.</summary>
    public LatencyHistogram Latency { get; set; } = new();

    internal bool IsSound() =>
        Retention is not null && Retention.All(r => r is { Kept: >= 0 } && r.Of >= r.Kept) && Latency?.IsSound() == true &&
        new[] { Shown, ShownFromCache, Accepted, PartiallyAccepted, Dismissed, CharactersAccepted }.All(n => n >= 0);
}

/// <summary>How many accepted texts, or most of each, were still there after a while.</summary>
/// <param name="Seconds">The while.</param>
/// <param name="Kept">How many were.</param>
/// <param name="Of">How many were looked for.</param>
public sealed record RetentionCount(int Seconds, long Kept, long Of);

/// <summary>How <see cref="CompletionCounts"/> are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(CompletionCounts))]
internal sealed partial class CompletionCountsJson : JsonSerializerContext;
