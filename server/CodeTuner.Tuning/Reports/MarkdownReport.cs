using System.Globalization;
using System.Text;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning.Evaluation;
using CodeTuner.Tuning.Runs;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Tuning.Reports;

/// <summary>A run's report in Markdown: what was learned, how it was measured, what came of it.</summary>
internal static class MarkdownReport
{
    public static string Of(RunFolder run, EvaluationData data, EvaluationResult before, EvaluationResult after)
    {
        RunInfo info = run.Info;
        TuneRecipe recipe = run.Recipe!;
        StringBuilder text = new();
        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        Line($"# Tune {info.Id}");
        Line($"");
        Line($"{info.Outcome}");
        Line($"");
        Line($"- Data: {info.TrainingFiles} files, {info.TokensPerPass} tokens a pass. {info.Split} Every file and what became of it is in `manifest.jsonl`.");
        Line($"- Method: {recipe.Method}{(recipe.Method == TuneMethod.Lora ? $" over a base in {BaseStorage.NameOf(recipe.BaseStorage)}" : "")}, {info.Steps} of {recipe.TotalSteps} steps of {recipe.TokensPerStep} tokens, rate {recipe.LearningRate}, seed {recipe.Seed}.");
        Line($"- Cost: {info.TrainingSeconds:F0} s at {info.TokensPerSecond:F0} tokens/s, peak memory {info.PeakMemory / 1e6:F0} MB.");
        Line($"- Privacy: files with secrets were left out; nothing left this machine. Generated text is to be read before it is used.");
        Line($"");
        Line($"| held-out code | base | tuned |");
        Line($"| --- | --- | --- |");
        foreach ((string name, Interval b, Interval a, _) in EvaluationTable.Rows(before, after))
            Line($"| {name} | {EvaluationTable.Format(b)} | {EvaluationTable.Format(a)} |");
        Line($"");
        Line($"Values with 95 % bootstrap intervals over {before.Sequences.Count} sequences and {before.Spots.Count} lines.");
        WriteCanaries(info, recipe, Line);
        foreach (int i in EvaluationTable.Examples(data, before, after, 5))
        {
            EvaluationSpot spot = data.Spots[i];
            Line($"");
            Line($"## {spot.Path}:{spot.Line}");
            Line($"");
            Line($"| | |");
            Line($"| --- | --- |");
            Line($"| there | {Code(spot.Reference)} |");
            Line($"| base | {Code(before.Spots[i].Text)} |");
            Line($"| tuned | {Code(after.Spots[i].Text)} |");
        }

        return text.ToString();
    }

    private static void WriteCanaries(RunInfo info, TuneRecipe recipe, Action<FormattableString> line)
    {
        line($"");
        line($"## Made-up secrets");
        line($"");
        if (info.Canaries.Count == 0)
        {
            line($"{(recipe.Canaries == 0 ? "None were put among the samples" : "Too little was trained on to put any among the samples")}: whether the model would remember a secret is not known.");
            return;
        }

        line($"To see whether the model would remember a secret that was missed, these were put among the samples. Exposure is how much earlier the model would guess one than by chance; the bound leaves {recipe.CanaryBitsLeft:F0} bits to guess.");
        line($"");
        line($"| made-up secret | times trained on | exposure (bits) | bound |");
        line($"| --- | --- | --- | --- |");
        foreach (Gate.CanaryResult canary in info.Canaries)
            line($"| {canary.Name} | {canary.Times} | {canary.Exposure:F1}{(canary.IsMemorised ? ", too much" : "")} | {canary.Bound:F0} |");
    }

    private static string Code(string line) =>
        line.Length == 0 ? "*nothing*" : "`` " + line.Replace("|", "\\|", StringComparison.Ordinal) + " ``";
}
