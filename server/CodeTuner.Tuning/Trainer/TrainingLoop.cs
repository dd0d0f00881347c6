using System.Diagnostics;
using CodeTuner.Models.Architectures;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Autograd;
using CodeTuner.Tensors.Optimizers;
using CodeTuner.Tuning.Datasets;

namespace CodeTuner.Tuning.Trainer;

/// <summary>
/// The training loop: micro-batches, clipping, AdamW, validation, early stopping, checkpoints.
/// Everything it computes follows from the recipe, the rows and the checkpoint it starts from; so a resumed run gives the
/// same losses as one that was never stopped. Only where it ends may depend on the machine: at the recipe's last step, or at
/// the step at which its minutes are up.
/// </summary>
/// <param name="decoder">The model; its trained weights are changed.</param>
/// <param name="trained">The weights to train.</param>
/// <param name="recipe">How.</param>
/// <param name="rows">What is learned, in order: step s takes the next <see cref="TuneRecipe.RowsPerStep"/>.</param>
/// <param name="validation">Held-out rows.</param>
/// <param name="folder">Where checkpoints go.</param>
public sealed class TrainingLoop(
    Decoder decoder, IReadOnlyList<Parameter> trained, TuneRecipe recipe, IReadOnlyList<PackedRow> rows, IReadOnlyList<PackedRow> validation, string folder)
{
    // Often enough that little is lost, seldom enough that writing hardly counts.
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(45);

    private const int SpeedSamples = 3;

    private readonly Tape tape = new(decoder.Backend);

    /// <summary>The resumable checkpoint in a folder.</summary>
    public static string LastPath(string folder) => Path.Combine(folder, "last.safetensors");

    /// <summary>The best weights in a folder.</summary>
    public static string BestPath(string folder) => Path.Combine(folder, "best.safetensors");

    /// <summary>Trains from the folder's checkpoint, or from the start where there is none.</summary>
    /// <param name="progress">Told each step.</param>
    /// <param name="cancellationToken">Stops at the end of a step, with everything saved.</param>
    /// <exception cref="IOException">A checkpoint could not be written; the one before is whole.</exception>
    public TrainingOutcome Run(Action<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Backend backend = decoder.Backend;
        foreach (Parameter parameter in trained)
            parameter.Train();
        using AdamW optimizer = new(backend, trained, new AdamWOptions(0.9f, (float)recipe.Beta2, 1e-8f, (float)recipe.WeightDecay));
        TrainingState state = File.Exists(LastPath(folder)) ? TrainingState.Load(LastPath(folder), backend, optimizer) : new TrainingState();
        CosineSchedule schedule = new(recipe.LearningRate, Math.Max(1, (int)(recipe.TotalSteps * recipe.WarmupShare)), recipe.TotalSteps);
        BatchLoss batches = new(decoder, tape, recipe.ActivationCheckpointing);
        Stopwatch sinceCheckpoint = Stopwatch.StartNew(), clock = Stopwatch.StartNew();
        int first = state.Step;
        double before = state.Seconds;
        double Seconds() => before + clock.Elapsed.TotalSeconds;
        bool stoppedEarly = HasStalled(state), timeIsUp = TimeIsUp(state);
        while (state.Step < recipe.TotalSteps && !stoppedEarly && !timeIsUp && !cancellationToken.IsCancellationRequested)
        {
            double rate = schedule.RateAt(state.Step);
            double loss = Step(batches, state.Step);
            float norm = optimizer.GradientNorm();
            if (!float.IsFinite(norm) || !double.IsFinite(loss))
                throw new TuningException($"The loss is no longer finite at step {state.Step + 1}. Try a lower --learning-rate than {recipe.LearningRate}.");
            optimizer.Step((float)rate, norm, (float)recipe.MaxGradientNorm);
            state = state with { Step = state.Step + 1, Seconds = Seconds() };
            timeIsUp = TimeIsUp(state);
            double? heldOut = null;
            if (state.Step % recipe.EvaluateEvery == 0 || state.Step == recipe.TotalSteps || timeIsUp)
                (state, heldOut, stoppedEarly) = Validate(state, batches);
            if (heldOut is not null || sinceCheckpoint.Elapsed > CheckpointInterval)
            {
                state = state with { Seconds = Seconds() };
                state.Save(LastPath(folder), backend, optimizer);
                sinceCheckpoint.Restart();
            }

            double perStep = clock.Elapsed.TotalSeconds / (state.Step - first);
            clock.Stop(); // who listens may hold the run for a while
            progress?.Invoke(new TrainingProgress(
                state.Step, recipe.TotalSteps, loss, heldOut, rate, norm, recipe.TokensPerStep / perStep,
                TimeSpan.FromSeconds(Math.Min(perStep * (recipe.TotalSteps - state.Step), Math.Max(0, MostSeconds - state.Seconds)))));
            clock.Start();
        }

        state = state with { Seconds = Seconds() };
        timeIsUp &= state.Step < recipe.TotalSteps && !stoppedEarly;
        bool interrupted = cancellationToken.IsCancellationRequested && state.Step < recipe.TotalSteps && !stoppedEarly && !timeIsUp;
        if (interrupted)
            state.Save(LastPath(folder), backend, optimizer);
        double speed = state.Step == first ? 0 : (double)recipe.TokensPerStep * (state.Step - first) / clock.Elapsed.TotalSeconds;
        return new TrainingOutcome(state, stoppedEarly, timeIsUp, interrupted, speed);
    }

    /// <summary>Tokens a second that this machine trains at, from micro-batches whose result is thrown away.</summary>
    public double MeasureSpeed()
    {
        foreach (Parameter parameter in trained)
            parameter.Train();
        BatchLoss batches = new(decoder, tape, recipe.ActivationCheckpointing);
        PackedRow[] batch = [.. rows.Take(recipe.RowsPerMicroBatch)];
        batches.Train(batch, 1, recipe.Dropout, 0); // compiles the kernels and fills the pools

        // Of several the middle one: what else happens to run just then, a completion perhaps, should not decide.
        double[] seconds = new double[SpeedSamples];
        for (int i = 0; i < seconds.Length; i++)
        {
            Stopwatch clock = Stopwatch.StartNew();
            batches.Train(batch, 1, recipe.Dropout, 0);
            seconds[i] = clock.Elapsed.TotalSeconds;
        }

        foreach (Parameter parameter in trained)
            parameter.ClearGradient();
        Array.Sort(seconds);
        return batch.Length * recipe.RowLength / seconds[SpeedSamples / 2];
    }

    /// <summary>The mean held-out loss, nats a counted token.</summary>
    public double ValidationLoss() => Loss(new BatchLoss(decoder, tape));

    private double Step(BatchLoss batches, int step)
    {
        double loss = 0;
        for (int micro = 0; micro < recipe.MicroBatchesPerStep; micro++)
        {
            int start = (step * recipe.RowsPerStep) + (micro * recipe.RowsPerMicroBatch);
            PackedRow[] batch = [.. Enumerable.Range(start, recipe.RowsPerMicroBatch).Select(i => rows[i % rows.Count])];
            ulong seed = recipe.Seed + ((ulong)step * 1000) + (ulong)micro;
            loss += batches.Train(batch, 1.0 / recipe.MicroBatchesPerStep, recipe.Dropout, seed) / recipe.MicroBatchesPerStep;
        }

        return loss;
    }

    private (TrainingState State, double? HeldOut, bool StoppedEarly) Validate(TrainingState state, BatchLoss batches)
    {
        double heldOut = Loss(batches);
        if (heldOut < state.BestLoss)
        {
            TrainingState.SaveWeights(BestPath(folder), decoder.Backend, trained);
            return (state with { BestLoss = heldOut, BestStep = state.Step, WithoutGain = 0 }, heldOut, false);
        }

        state = state with { WithoutGain = state.WithoutGain + 1 };
        return (state, heldOut, HasStalled(state));
    }

    // While the rate is high the held-out loss goes up and down; most of the gain comes in the schedule's second half.
    private bool HasStalled(TrainingState state) => state.WithoutGain >= recipe.Patience && state.Step * 2 >= recipe.TotalSteps;

    private double MostSeconds => recipe.MaxMinutes > 0 ? recipe.MaxMinutes * 60 : double.PositiveInfinity;

    // One step is always done: there must be something to measure.
    private bool TimeIsUp(TrainingState state) => state.Step > 0 && state.Seconds >= MostSeconds;

    private double Loss(BatchLoss batches)
    {
        double sum = 0;
        long counted = 0;
        foreach (PackedRow[] batch in validation.Chunk(recipe.RowsPerMicroBatch))
        {
            (double own, int tokens) = batches.Evaluate(batch);
            sum += own;
            counted += tokens;
        }

        return counted == 0 ? double.PositiveInfinity : sum / counted;
    }
}
