using System.Globalization;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.Tuning;
using CodeTuner.Tuning.Evaluation;
using CodeTuner.Tuning.Reports;
using CodeTuner.Tuning.Runs;
using CodeTuner.Tuning.Trainer;
using CodeTuner.Workspace.Scanning;

namespace CodeTuner.LanguageServer.Features.Runs;

/// <summary>Runs as the client shows them.</summary>
internal static class RunViews
{
    private const int Examples = 5;
    private const int Spots = 8;

    // More points than a chart has pixels only fill the pipe.
    private const int MostPoints = 600;

    /// <summary>One line of the list. A run whose files are damaged is listed with what is wrong, so that it can be deleted.</summary>
    public static RunSummary Summary(RunFolder run, string? promoted)
    {
        try
        {
            return Read(run, promoted);
        }
        catch (TuningException e)
        {
            return new RunSummary(run.Id, RunStatusName.Failed, "", 0) { Error = e.Message, Promoted = run.Id == promoted };
        }
    }

    private static RunSummary Read(RunFolder run, string? promoted)
    {
        RunInfo info = run.Info;
        TuneRecipe? recipe = run.Recipe;
        return new RunSummary(info.Id, (RunStatusName)info.Status, info.Started.ToString("O", CultureInfo.InvariantCulture), info.Steps)
        {
            TotalSteps = recipe?.TotalSteps is > 0 and int steps ? steps : null,
            Method = recipe?.Method switch { null => null, TuneMethod.Lora => MethodName.Lora, _ => MethodName.Full },
            TrainingSeconds = info.TrainingSeconds,
            TokensPerSecond = info.TokensPerSecond,
            PeakMemory = info.PeakMemory,
            Gain = info.Verdict?.LossGain is { } gain ? Value(gain) : null,
            Forgetting = info.Verdict?.Forgetting,
            Verdict = info.Outcome,
            Promoted = info.Id == promoted,
            CanResume = info.Status != RunStatus.Done && run.CanResume,
            HasModel = Directory.Exists(run.Model),
            Error = info.Error,
        };
    }

    /// <summary>A run with everything that is known of it.</summary>
    public static RunDetails Details(RunFolder run, string? promoted)
    {
        EvaluationResult? before = run.Before, after = run.After;
        return new RunDetails(
            Summary(run, promoted), Curve(run), Files(run),
            before is null || after is null ? [] : Measures(before, after),
            before is null || after is null || run.EvaluationData is not { } data ? [] : SpotViews(data, before, after))
        {
            Split = run.Info.Split,
        };
    }

    private static CurvePoint[] Curve(RunFolder run)
    {
        IReadOnlyList<TrainingProgress> steps = run.ReadMetrics();
        int stride = Math.Max(1, (steps.Count + MostPoints - 1) / MostPoints);
        return [.. steps.Where((s, i) => i % stride == 0 || s.HeldOutLoss is not null || i == steps.Count - 1)
            .Select(s => new CurvePoint(s.Step, s.Loss) { HeldOutLoss = s.HeldOutLoss is { } h && double.IsFinite(h) ? h : null })];
    }

    private static RunFiles Files(RunFolder run)
    {
        if (!File.Exists(run.Manifest))
            return new RunFiles(0, []);
        IReadOnlyList<ManifestEntry> manifest = ManifestReader.Read(run.Manifest);
        return new RunFiles(
            manifest.Count(e => e.LeftOut is null),
            [.. manifest.Where(e => e.LeftOut is not null).GroupBy(e => e.LeftOut!.Value)
                .OrderByDescending(g => g.Count())
                .Select(g => new LeftOutFiles(g.Key.Word(), g.Count(), [.. g.Take(Examples).Select(e => e.Path)]))]);
    }

    private static Measure[] Measures(EvaluationResult before, EvaluationResult after) =>
        [.. EvaluationTable.Rows(before, after).Select(r => new Measure(r.Name, Value(r.Before), Value(r.After), r.HigherIsBetter))];

    private static SpotView[] SpotViews(EvaluationData data, EvaluationResult before, EvaluationResult after) =>
        [.. EvaluationTable.Examples(data, before, after, Spots).Select(i =>
        {
            EvaluationSpot spot = data.Spots[i];
            string line = spot.Prefix[(spot.Prefix.LastIndexOf('\n') + 1)..];
            return new SpotView(spot.Path, spot.Line, line, spot.Reference, before.Spots[i].Text, after.Spots[i].Text);
        })];

    private static IntervalValue Value(Interval interval) => new(Finite(interval.Value), Finite(interval.Low), Finite(interval.High));

    // JSON has no other numbers.
    private static double Finite(double value) => double.IsFinite(value) ? value : 0;
}
