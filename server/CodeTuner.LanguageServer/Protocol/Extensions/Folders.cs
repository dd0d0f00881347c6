namespace CodeTuner.LanguageServer.Protocol.Extensions;

/// <summary>Names a folder; null where only one is open.</summary>
internal record FolderParams
{
    public string? Folder { get; init; }
}

internal sealed record RunParams(string Run) : FolderParams;

internal sealed record ExportRunParams(string Run, string Target) : FolderParams;

internal sealed record ExportedRun(string Path);

internal sealed record PauseTuneParams(bool Paused) : FolderParams;

internal sealed record TuneParams : FolderParams
{
    /// <summary>The most minutes of training; null takes the setting.</summary>
    public double? Minutes { get; init; }

    /// <summary>Go on with the newest unfinished run.</summary>
    public bool? Resume { get; init; }
}

internal sealed record StatusResult(FolderStatus[] Folders);

internal sealed record FolderStatus(string Folder, string Name, ServingState Serving, bool Trusted, string Model, bool HasPrevious, bool CanResume)
{
    /// <summary>The run that serves.</summary>
    public string? Run { get; init; }

    /// <summary>The run to go back to; null for the base, or where there is nothing to go back to.</summary>
    public string? Previous { get; init; }

    public TuneStatus? Tune { get; init; }

    /// <summary>How the last tune of this session ended.</summary>
    public TuneEnd? Last { get; init; }

    /// <summary>For the user.</summary>
    public string? Error { get; init; }
}

internal enum ServingState
{
    Loading,
    Base,
    Tuned,
    None,
}

/// <param name="Phase">Which part it is in.</param>
/// <param name="Paused">Whether it holds still.</param>
/// <param name="Progress">Of the whole tune, 0 to 1.</param>
internal sealed record TuneStatus(TunePhaseName Phase, bool Paused, double Progress)
{
    public string? Run { get; init; }

    /// <summary>Why it holds still.</summary>
    public PauseCause? PausedBy { get; init; }

    /// <summary>The graphics card that computes.</summary>
    public string? Device { get; init; }

    public double? SecondsLeft { get; init; }

    public int? Step { get; init; }

    public int? TotalSteps { get; init; }

    public double? Loss { get; init; }

    public double? HeldOutLoss { get; init; }

    public double? TokensPerSecond { get; init; }
}

internal enum PauseCause
{
    User,
    Battery,
    Card,
}

internal enum TunePhaseName
{
    Scanning,
    Preparing,
    Training,
    Evaluating,
}

internal sealed record TuneEnd(string Run, TuneOutcome Outcome, string Message);

internal enum TuneOutcome
{
    Promoted,
    NoGain,
    Stopped,
    Failed,
}
