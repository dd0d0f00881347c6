using System.Text.Json.Serialization;
using CodeTuner.Tuning.Gate;

namespace CodeTuner.Tuning.Runs;

/// <summary>What a run is doing.</summary>
public enum RunStatus
{
    /// <summary>Reading the workspace and making samples.</summary>
    Preparing,

    /// <summary>Training; interrupted if no process holds the workspace's lock.</summary>
    Training,

    /// <summary>Measuring the result.</summary>
    Evaluating,

    /// <summary>Ended.</summary>
    Done,

    /// <summary>Stopped by the user; can be resumed.</summary>
    Stopped,

    /// <summary>Ended by an error; can be resumed if it had begun to train.</summary>
    Failed,
}

/// <summary>A run's own account, <c>run.json</c>.</summary>
public sealed record RunInfo
{
    /// <summary>Its name: the time it began, in UTC.</summary>
    public required string Id { get; init; }

    /// <summary>What it is doing.</summary>
    public RunStatus Status { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>When this account was last changed.</summary>
    public DateTimeOffset Updated { get; init; }

    /// <summary>How the workspace was split.</summary>
    public string? Split { get; init; }

    /// <summary>Files learned from.</summary>
    public int TrainingFiles { get; init; }

    /// <summary>Tokens in one pass over them.</summary>
    public long TokensPerPass { get; init; }

    /// <summary>Steps done.</summary>
    public int Steps { get; init; }

    /// <summary>Tokens a second while training.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>Seconds of training.</summary>
    public double TrainingSeconds { get; init; }

    /// <summary>Why training ended before its last step, in a sentence; null where it did not.</summary>
    public string? Ended { get; init; }

    /// <summary>The most resident memory the process had, bytes.</summary>
    public long PeakMemory { get; init; }

    /// <summary>How well the tuned model knows the made-up secrets; empty where none were trained on.</summary>
    public IReadOnlyList<CanaryResult> Canaries { get; init; } = [];

    /// <summary>What the gate said.</summary>
    public GateVerdict? Verdict { get; init; }

    /// <summary>What came of it, for people: what the gate said, and why training ended early where it did. Null before the verdict.</summary>
    [JsonIgnore]
    public string? Outcome => Verdict is null || Ended is null ? Verdict?.Reason : $"{Verdict.Reason} {Ended}";

    /// <summary>What went wrong, where it failed.</summary>
    public string? Error { get; init; }
}

/// <summary>Which run serves a workspace, and which did before.</summary>
/// <param name="Run">The run in use; null means the base.</param>
/// <param name="Previous">The one before, to go back to; null means the base.</param>
/// <param name="HasPrevious">Whether there is something to go back to.</param>
public sealed record PromotedRun(string? Run, string? Previous, bool HasPrevious);

/// <summary>Which workspace a state folder belongs to.</summary>
/// <param name="Root">The workspace's folder.</param>
public sealed record WorkspaceRecord(string Root);
