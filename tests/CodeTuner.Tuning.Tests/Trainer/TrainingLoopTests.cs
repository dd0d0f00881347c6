using CodeTuner.Models;
using CodeTuner.Models.Architectures;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tests;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Tuning.Tests.Trainer;

public class TrainingLoopTests
{
    private static readonly TuneRecipe Recipe = new()
    {
        BaseModel = "", RowLength = 32, RowsPerMicroBatch = 2, MicroBatchesPerStep = 2, TotalSteps = 12, EvaluateEvery = 4, LearningRate = 3e-3, Dropout = 0.1,
    };

    [Fact]
    public void An_interrupted_and_resumed_run_gives_the_same_losses_bit_for_bit()
    {
        List<double> whole = [], parts = [];
        using (TemporaryFolder folder = new())
            Train(folder.Path, whole, stopAfter: null);
        using (TemporaryFolder folder = new())
        {
            Assert.True(Train(folder.Path, parts, stopAfter: 3).Interrupted);
            Assert.True(Train(folder.Path, parts, stopAfter: 9).Interrupted);
            Assert.False(Train(folder.Path, parts, stopAfter: null).Interrupted);
        }

        Assert.Equal(12, whole.Count);
        Assert.Equal(whole, parts);
    }

    [Fact]
    public void The_loss_does_not_depend_on_the_number_of_threads()
    {
        List<double> one = [], three = [];
        using (TemporaryFolder folder = new())
            Train(folder.Path, one, null, threads: 1);
        using (TemporaryFolder folder = new())
            Train(folder.Path, three, null, threads: 3);
        Assert.Equal(one, three);
    }

    [Fact]
    public void Activation_checkpointing_gives_the_same_losses_bit_for_bit()
    {
        List<double> kept = [], computedAgain = [];
        using (TemporaryFolder folder = new())
            Train(folder.Path, kept, null);
        using (TemporaryFolder folder = new())
            Train(folder.Path, computedAgain, null, Recipe with { ActivationCheckpointing = true });
        Assert.Equal(kept, computedAgain);
    }

    [Fact]
    public void Activation_checkpointing_is_chosen_where_memory_is_short()
    {
        TuneRecipe recipe = Recipe with { RowLength = 512, RowsPerMicroBatch = 8 };
        long kept = MemoryEstimate.Of(Config, recipe).Total, computedAgain = MemoryEstimate.Of(Config, recipe with { ActivationCheckpointing = true }).Total;
        Assert.True(computedAgain < kept);
        Assert.False(MemoryEstimate.Fit(Config, recipe, kept).ActivationCheckpointing);
        Assert.True(MemoryEstimate.Fit(Config, recipe, kept - 1).ActivationCheckpointing);
        Assert.True(MemoryEstimate.Fit(Config, recipe, computedAgain).ActivationCheckpointing);
        Assert.Throws<TuningException>(() => MemoryEstimate.Fit(Config, recipe, computedAgain - 1));
    }

    [Fact]
    public void Training_learns_and_keeps_the_best_checkpoint()
    {
        using TemporaryFolder folder = new();
        List<double> losses = [];
        TrainingOutcome outcome = Train(folder.Path, losses, null, Recipe with { TotalSteps = 60, EvaluateEvery = 10, Dropout = 0 });
        Assert.True(losses[^1] < 0.6 * losses[0], $"{losses[0]} to {losses[^1]}");
        Assert.True(File.Exists(TrainingLoop.BestPath(folder.Path)));
        Assert.True(outcome.State.BestStep > 0);
    }

    [Fact]
    public void Training_stops_when_the_held_out_loss_no_longer_falls()
    {
        using TemporaryFolder folder = new();

        // The held-out rows follow another rule than the training rows: learning the one unlearns the other.
        TrainingOutcome outcome = Train(
            folder.Path, [], null, Recipe with { TotalSteps = 200, EvaluateEvery = 5, Patience = 3, LearningRate = 1e-2 }, validationStep: 7);
        Assert.True(outcome.StoppedEarly);
        Assert.True(outcome.State.Step < 200);
        Assert.True(outcome.State.Step >= outcome.State.BestStep + 15);
        Assert.True(outcome.State.Step >= 100, "the first half of the schedule is always trained");
    }

    [Fact]
    public void Training_ends_with_the_step_at_which_its_minutes_are_up()
    {
        using TemporaryFolder folder = new();
        TuneRecipe brief = Recipe with { MaxMinutes = 1e-9 };
        List<double> losses = [];
        TrainingOutcome outcome = Train(folder.Path, losses, null, brief);
        Assert.True(outcome is { TimeIsUp: true, Interrupted: false, StoppedEarly: false });
        Assert.Single(losses);
        Assert.Equal(1, outcome.State.BestStep); // it was validated, and its weights kept

        // What was trained before counts: there is no time for more.
        outcome = Train(folder.Path, losses, null, brief);
        Assert.True(outcome.TimeIsUp);
        Assert.Single(losses);

        // With more time it goes on as if it had never stopped.
        outcome = Train(folder.Path, losses, null, Recipe with { MaxMinutes = 60 });
        Assert.True(outcome is { TimeIsUp: false, State.Step: 12 });
        Assert.InRange(outcome.State.Seconds, 1e-9, 3600);
        List<double> unbounded = [];
        using TemporaryFolder other = new();
        Train(other.Path, unbounded, null);
        Assert.Equal(unbounded, losses);
    }

    [Fact]
    public void A_rate_that_is_far_too_high_is_said_rather_than_trained_on()
    {
        using TemporaryFolder folder = new();
        TuningException e = Assert.Throws<TuningException>(() =>
            Train(folder.Path, [], null, Recipe with { LearningRate = 1e30, MaxGradientNorm = 0, TotalSteps = 50 }));
        Assert.Contains("learning-rate", e.Message, StringComparison.Ordinal);
    }

    private static TrainingOutcome Train(
        string folder, List<double> losses, int? stopAfter, TuneRecipe? recipe = null, int threads = 2, int validationStep = 3)
    {
        recipe ??= Recipe;
        using CpuBackend backend = new(new CpuBackendOptions { Threads = threads });
        using Decoder decoder = Decoder.Random(Config, backend, seed: 4);
        using CancellationTokenSource stop = new();
        TrainingLoop loop = new(decoder, decoder.Parameters, recipe, Rows(16, 3, 1), Rows(4, validationStep, 2), folder);
        return loop.Run(
            step =>
            {
                losses.Add(step.Loss);
                if (step.Step == stopAfter)
                    stop.Cancel();
            },
            stop.Token);
    }

    private static ModelConfig Config => new()
    {
        ModelType = "llama", HiddenSize = 32, LayerCount = 2, QueryHeads = 4, KeyValueHeads = 2, HeadSize = 8, IntermediateSize = 48, VocabularySize = 64,
        MaxPositions = 64, RmsNormEpsilon = 1e-5f, RopeTheta = 10000, TieWordEmbeddings = true, QkvBias = false, OutputBias = false, MlpBias = false,
    };

    // Each token is the one before plus a constant: easy to learn.
    private static List<PackedRow> Rows(int count, int step, ulong seed)
    {
        RandomSequence random = new(seed);
        return Packer.Pack(
            Enumerable.Range(0, count).Select(_ =>
            {
                int start = random.NextInt(64);
                return new TrainingSample([.. Enumerable.Range(0, 32).Select(i => (start + (i * step)) % 64)], 1);
            }),
            32,
            0);
    }
}
