using System.Diagnostics;
using CodeTuner.LanguageServer.Protocol.Extensions;
using CodeTuner.Tuning;

namespace CodeTuner.LanguageServer.Features.Tuning;

/// <summary>Turns what a tune tells of itself into a share of the whole and a time left.</summary>
internal sealed class TuneClock
{
    // Where each phase begins and ends on the bar: training takes nearly all of the time.
    private static readonly (double From, double To)[] Bounds = [(0, 0.02), (0.02, 0.06), (0.06, 0.92), (0.92, 1)];

    // What measuring takes on two slow cores; while it runs, its own speed tells.
    private static readonly TimeSpan UsualEvaluation = TimeSpan.FromSeconds(25);

    private readonly Stopwatch _phaseClock = Stopwatch.StartNew();
    private TunePhase _phase;

    /// <summary>The status after a report; the run and the pause are the caller's to fill in.</summary>
    /// <param name="progress">The report.</param>
    /// <param name="before">The status before: what a report leaves out stays.</param>
    public TuneStatus Status(TuneProgress progress, TuneStatus before)
    {
        if (progress.Phase != _phase)
        {
            _phase = progress.Phase;
            _phaseClock.Restart();
        }

        (double from, double to) = Bounds[(int)progress.Phase];
        double share = Math.Clamp(progress.Share, 0, 1);
        TuneStatus status = before with
        {
            Phase = (TunePhaseName)progress.Phase, Progress = Math.Max(before.Progress, from + ((to - from) * share)), SecondsLeft = SecondsLeft(progress, share),
        };
        return progress.Training is not { } step ? status : status with
        {
            Step = step.Step, TotalSteps = step.TotalSteps, Loss = step.Loss, HeldOutLoss = step.HeldOutLoss ?? before.HeldOutLoss, TokensPerSecond = step.TokensPerSecond,
        };
    }

    private double? SecondsLeft(TuneProgress progress, double share) => progress switch
    {
        { Training: { } step } => (step.Remaining + UsualEvaluation).TotalSeconds,
        { Phase: TunePhase.Evaluating } when share > 0.05 => _phaseClock.Elapsed.TotalSeconds * (1 - share) / share,
        { Phase: TunePhase.Evaluating } => UsualEvaluation.TotalSeconds,
        _ => null,
    };
}
