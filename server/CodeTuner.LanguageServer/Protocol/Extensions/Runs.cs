namespace CodeTuner.LanguageServer.Protocol.Extensions;

/// <param name="Folder">The folder's URI.</param>
/// <param name="Runs">Newest first.</param>
internal sealed record RunList(string Folder, RunSummary[] Runs)
{
    public string? Promoted { get; init; }

    public string? Previous { get; init; }
}

internal sealed record RunSummary(string Id, RunStatusName Status, string Started, int Steps)
{
    public int? TotalSteps { get; init; }

    public MethodName? Method { get; init; }

    public double TrainingSeconds { get; init; }

    public double TokensPerSecond { get; init; }

    /// <summary>Bytes.</summary>
    public long PeakMemory { get; init; }

    /// <summary>Held-out loss of what was in use less the tuned model's, nats a token.</summary>
    public IntervalValue? Gain { get; init; }

    /// <summary>Nats a token.</summary>
    public double? Forgetting { get; init; }

    public string? Verdict { get; init; }

    public bool Promoted { get; init; }

    public bool CanResume { get; init; }

    public bool HasModel { get; init; }

    public string? Error { get; init; }
}

internal enum RunStatusName
{
    Preparing,
    Training,
    Evaluating,
    Done,
    Stopped,
    Failed,
}

internal enum MethodName
{
    Auto,
    Full,
    Lora,
}

/// <summary>A value with its 95 % interval.</summary>
internal sealed record IntervalValue(double Value, double Low, double High);

internal sealed record RunDetails(RunSummary Summary, CurvePoint[] Curve, RunFiles Files, Measure[] Measures, SpotView[] Spots)
{
    /// <summary>How the workspace was split in training and held-out code.</summary>
    public string? Split { get; init; }
}

internal sealed record CurvePoint(int Step, double Loss)
{
    public double? HeldOutLoss { get; init; }
}

internal sealed record RunFiles(int Kept, LeftOutFiles[] LeftOut);

/// <param name="Reason">One word.</param>
/// <param name="Count">How many files.</param>
/// <param name="Examples">Some of their paths.</param>
internal sealed record LeftOutFiles(string Reason, int Count, string[] Examples);

internal sealed record Measure(string Name, IntervalValue Base, IntervalValue Tuned, bool HigherIsBetter);

/// <param name="Path">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Before">What stands before the gap on its line.</param>
/// <param name="Expected">What stood in the gap.</param>
/// <param name="Base">What the base wrote.</param>
/// <param name="Tuned">What the tuned model wrote.</param>
internal sealed record SpotView(string Path, int Line, string Before, string Expected, string Base, string Tuned);
