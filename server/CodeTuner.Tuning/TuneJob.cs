using System.Diagnostics;
using System.Globalization;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Models.Generation;
using CodeTuner.Tensors;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Tuning.Reports;
using CodeTuner.Tuning.Runs;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Tuning;

/// <summary>
/// A whole tune: read the workspace, hold some of it out, train, measure, and promote only what is better.
/// Each part leaves its result in the run's folder, so that a killed process goes on where it was.
/// </summary>
/// <param name="store">The workspace's runs.</param>
/// <param name="backend">Where the arithmetic is done.</param>
/// <param name="progress">Told how far it is; called on the caller's thread.</param>
public sealed class TuneJob(RunStore store, Backend backend, Action<TuneProgress>? progress = null)
{
    /// <summary>Starts a new run.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Stops at the end of a step, with everything saved.</param>
    /// <exception cref="TuningException">It cannot be done, for a reason that the message gives.</exception>
    public TuneResult Start(TuneOptions options, CancellationToken cancellationToken = default)
    {
        using WorkspaceLock held = WorkspaceLock.Take(store.Folder, store.Root);
        RunFolder run = store.Create();
        return Guard(run, () =>
        {
            TuneOptions chosen = options with { Recipe = StepPlan.Choose(options) };
            return Continue(run, chosen.Recipe, model => new RunPreparation(store.Root, run, model, Report).Prepare(chosen, cancellationToken), cancellationToken);
        });
    }

    /// <summary>Goes on with the newest run that was not finished.</summary>
    /// <exception cref="TuningException">There is none.</exception>
    public TuneResult Resume(CancellationToken cancellationToken = default)
    {
        using WorkspaceLock held = WorkspaceLock.Take(store.Folder, store.Root);
        RunFolder run = store.Unfinished
            ?? throw new TuningException($"There is no unfinished run of {store.Root} that had begun to train. Start one with \"codetuner tune\".");
        return Guard(run, () => Continue(run, run.Recipe!, prepare: null, cancellationToken));
    }

    private static TuneResult Guard(RunFolder run, Func<TuneResult> work)
    {
        try
        {
            return work();
        }
        catch (OperationCanceledException)
        {
            run.Info = run.Info with { Status = RunStatus.Stopped };
            return new TuneResult(run, Interrupted: true, null, null, null);
        }
        catch (Exception e) when (e is Tensors.DeviceMemoryException or not OutOfMemoryException)
        {
            TryRecord(run, e.Message);
            throw;
        }
    }

    // A full disk is often why it failed: the record of the failure must not hide it.
    private static void TryRecord(RunFolder run, string message)
    {
        try
        {
            run.Info = run.Info with { Status = RunStatus.Failed, Error = message };
        }
        catch (Exception e) when (e is IOException or TuningException)
        {
            // The first error is the one that is shown.
        }
    }

    private TuneResult Continue(RunFolder run, TuneRecipe chosen, Action<DecoderLanguageModel>? prepare, CancellationToken cancellationToken)
    {
        // What trained is gone before anything is measured: a device that holds one model need not hold two.
        using (DecoderLanguageModel model = DecoderLanguageModel.Load(chosen.BaseModel, backend, chosen.BaseStorage))
        {
            prepare?.Invoke(model);
            TuneRecipe recipe = run.Recipe!;
            using TrainedWeights trained = TrainedWeights.Of(recipe, model);
            TrainingOutcome outcome = Train(run, recipe, model, trained, cancellationToken);
            if (outcome.Interrupted)
            {
                run.Info = run.Info with { Status = RunStatus.Stopped, Steps = outcome.State.Step };
                return new TuneResult(run, Interrupted: true, run.EvaluationData, null, null);
            }

            run.Info = run.Info with { Status = RunStatus.Evaluating, Steps = outcome.State.Step };
            if (outcome.State.BestStep > 0)
                TrainingState.LoadWeights(TrainingLoop.BestPath(run.Checkpoints), backend, trained.Parameters);
            TunedModel.Save(run, recipe.BaseModel, model.Decoder, trained.Adapter);
        }

        backend.ReleaseUnused();
        EvaluationData data = run.EvaluationData!;
        RunResults results = new RunMeasurement(store, run, backend, share => Report(TunePhase.Evaluating, share)).Measure(run.Recipe!, data, cancellationToken);
        run.Info = run.Info with { Status = RunStatus.Done, Canaries = results.Canaries, Verdict = results.Verdict, PeakMemory = PeakMemory() };
        if (results.Verdict.Promote)
            store.Promote(run.Id);
        AtomicFile.WriteText(run.Report, MarkdownReport.Of(run, data, results.Before, results.After));
        return new TuneResult(run, Interrupted: false, data, results.Before, results.After);
    }

    private TrainingOutcome Train(
        RunFolder run, TuneRecipe recipe, DecoderLanguageModel model, TrainedWeights trained, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(run.Checkpoints);
        run.Info = run.Info with { Status = RunStatus.Training, Error = null };
        TrainingLoop loop = new(model.Decoder, trained.Parameters, recipe, RowFile.Load(run.Rows), RowFile.Load(run.ValidationRows), run.Checkpoints);
        bool first = true;
        TrainingOutcome outcome = loop.Run(
            step =>
            {
                if (first)
                    run.TruncateMetrics(step.Step - 1);
                first = false;
                run.Append(step);
                progress?.Invoke(new TuneProgress(TunePhase.Training, (double)step.Step / step.TotalSteps, step));
            },
            cancellationToken);
        run.Info = run.Info with
        {
            TokensPerSecond = outcome.TokensPerSecond > 0 ? outcome.TokensPerSecond : run.Info.TokensPerSecond,
            TrainingSeconds = outcome.State.Seconds,
            Ended = Ended(outcome, recipe),
            PeakMemory = PeakMemory(),
        };
        trained.Freeze();
        return outcome;
    }

    private static string? Ended(TrainingOutcome outcome, TuneRecipe recipe)
    {
        string? why = outcome switch
        {
            { TimeIsUp: true } => string.Create(CultureInfo.InvariantCulture, $"the time that it may take, {recipe.MaxMinutes:0.##} min, was up"),
            { StoppedEarly: true } => "the held-out loss had stopped falling",
            _ => null,
        };
        return why is null ? null : string.Create(CultureInfo.InvariantCulture, $"Training ended after {outcome.State.Step:N0} of {recipe.TotalSteps:N0} steps: {why}.");
    }

    private static long PeakMemory()
    {
        using Process self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }

    private void Report(TunePhase phase, double share) => progress?.Invoke(new TuneProgress(phase, share));
}
