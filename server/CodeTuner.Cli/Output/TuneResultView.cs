using CodeTuner.Tuning;
using CodeTuner.Tuning.Evaluation;
using CodeTuner.Tuning.Reports;
using CodeTuner.Tuning.Runs;
using Spectre.Console;

namespace CodeTuner.Cli.Output;

/// <summary>What a tune came to, for people and for programs.</summary>
internal static class TuneResultView
{
    public static void WriteText(TuneResult result)
    {
        RunInfo info = result.Run.Info;
        Console.WriteLine();
        ManifestSummary.Write(result.Run.Manifest);
        Console.WriteLine();
        Console.WriteLine(info.Split);
        if (result is not { Data: { } data, Before: { } before, After: { } after })
            return;
        Console.WriteLine($"Trained {info.Steps:N0} steps in {info.TrainingSeconds:F0} s at {info.TokensPerSecond:N0} tokens a second; peak memory {info.PeakMemory / 1e6:N0} MB.");
        Console.WriteLine();
        WriteTable(before, after);
        Console.WriteLine();
        foreach (int i in EvaluationTable.Examples(data, before, after, 5))
            WriteExample(data.Spots[i], before.Spots[i], after.Spots[i]);
        if (info.Canaries.MaxBy(c => c.Exposure - c.Bound) is { } worst)
            Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Made-up secrets among the samples: known to {worst.Exposure:F1} bits at worst, where {worst.Bound:F0} are allowed."));
        Console.WriteLine(info.Outcome);
        Console.WriteLine($"Report: {result.Run.Report}");
    }

    public static void WriteTable(EvaluationResult before, EvaluationResult after)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn($"held-out code ({before.Sequences.Count} sequences, {before.Spots.Count} lines)").AddColumn("base").AddColumn("tuned");
        foreach ((string name, Interval b, Interval a, _) in EvaluationTable.Rows(before, after))
            table.AddRow(name, EvaluationTable.Format(b), EvaluationTable.Format(a));
        AnsiConsole.Write(table);
        Console.WriteLine("Values with 95 % bootstrap intervals.");
    }

    public static object Json(TuneResult result)
    {
        RunInfo info = result.Run.Info;
        return new
        {
            run = info.Id,
            folder = result.Run.Path,
            status = info.Status,
            interrupted = result.Interrupted,
            split = info.Split,
            steps = info.Steps,
            ended = info.Ended,
            tokensPerSecond = info.TokensPerSecond,
            trainingSeconds = info.TrainingSeconds,
            peakMemory = info.PeakMemory,
            @base = result.Before is { } b ? EvaluationJson.Of(b) : null,
            tuned = result.After is { } a ? EvaluationJson.Of(a) : null,
            promoted = info.Verdict?.Promote,
            lossGain = info.Verdict?.LossGain,
            editSimilarityGain = info.Verdict?.EditSimilarityGain,
            syntaxValidGain = info.Verdict?.SyntaxValidGain,
            forgetting = info.Verdict?.Forgetting,
            canaries = info.Canaries,
            reason = info.Verdict?.Reason,
        };
    }

    private static void WriteExample(EvaluationSpot spot, SpotResult before, SpotResult after)
    {
        static string Show(string text) => text.Length == 0 ? "(nothing)" : text;
        string start = spot.Prefix[(spot.Prefix.LastIndexOf('\n') + 1)..].Trim();
        Console.WriteLine($"{spot.Path}:{spot.Line}{(start.Length > 0 ? $"   {start} …" : "")}");
        Console.WriteLine($"  there   {Show(spot.Reference)}");
        Console.WriteLine($"  base    {Show(before.Text)}");
        Console.WriteLine($"  tuned   {Show(after.Text)}");
        Console.WriteLine();
    }
}
