using CodeTuner.Tuning;
using CodeTuner.Tuning.Trainer;
using Spectre.Console;

namespace CodeTuner.Cli.Output;

/// <summary>Shows how far a tune is: a bar on a terminal, a line now and then where the output is piped, nothing with <c>--json</c>.</summary>
internal static class TuneProgressView
{
    private static readonly Dictionary<TunePhase, string> Names = new()
    {
        [TunePhase.Scanning] = "Reading the workspace",
        [TunePhase.Preparing] = "Preparing samples",
        [TunePhase.Training] = "Training",
        [TunePhase.Evaluating] = "Measuring tuned and base",
    };

    /// <summary>Runs <paramref name="work"/> with a view of its progress.</summary>
    public static TuneResult Run(bool silent, Func<Action<TuneProgress>, TuneResult> work)
    {
        if (silent)
            return work(_ => { });
        return Console.IsOutputRedirected ? Lines(work) : Bars(work);
    }

    private static TuneResult Lines(Func<Action<TuneProgress>, TuneResult> work)
    {
        TunePhase? phase = null;
        DateTime next = DateTime.MinValue;
        return work(progress =>
        {
            bool newPhase = progress.Phase != phase;
            phase = progress.Phase;
            if (progress.Training is { } step && (step.HeldOutLoss is not null || step.Step == step.TotalSteps || DateTime.UtcNow >= next))
            {
                Console.WriteLine("  " + Describe(step));
                next = DateTime.UtcNow.AddSeconds(15);
            }
            else if (newPhase && progress.Training is null)
            {
                Console.WriteLine(Names[progress.Phase] + " …");
            }
        });
    }

    private static TuneResult Bars(Func<Action<TuneProgress>, TuneResult> work) => AnsiConsole.Progress()
        .AutoClear(false)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
        .Start(context =>
        {
            Dictionary<TunePhase, ProgressTask> tasks = [];
            return work(progress =>
            {
                foreach ((TunePhase earlier, ProgressTask done) in tasks)
                {
                    if (earlier < progress.Phase)
                        done.Value = 1;
                }

                if (!tasks.TryGetValue(progress.Phase, out ProgressTask? task))
                    tasks[progress.Phase] = task = context.AddTask(Names[progress.Phase], maxValue: 1);
                task.Value = progress.Share;
                if (progress.Training is { } step)
                    task.Description = Markup.Escape($"{Names[progress.Phase]}  {Describe(step)}");
            });
        });

    private static string Describe(TrainingProgress step)
    {
        string heldOut = step.HeldOutLoss is { } loss ? $", held-out {loss:F3}" : "";
        string left = step.Remaining.TotalMinutes >= 1 ? $"{(int)step.Remaining.TotalMinutes} min {step.Remaining.Seconds} s" : $"{step.Remaining.TotalSeconds:F0} s";
        return $"step {step.Step}/{step.TotalSteps}, loss {step.Loss:F3}{heldOut}, {step.TokensPerSecond:N0} tokens/s, {left} left";
    }
}
