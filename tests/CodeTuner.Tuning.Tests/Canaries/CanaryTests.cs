using CodeTuner.Models.Architectures;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tests;
using CodeTuner.Tuning.Canaries;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Tuning.Gate;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Tuning.Tests.Canaries;

public class CanaryTests
{
    private static readonly ByteTokenizer Tokenizer = new();

    [Fact]
    public void Canaries_are_drawn_from_their_seed_each_of_its_kind()
    {
        List<Canary> canaries = CanaryRows.Draw(5, 7);
        Assert.Equal(canaries, CanaryRows.Draw(5, 7));
        Assert.NotEqual(canaries, CanaryRows.Draw(5, 8));
        Assert.Equal(5, canaries.Select(c => c.Secret).Distinct().Count());
        foreach (Canary canary in canaries)
        {
            CanaryFormat kind = CanaryFormat.Of(canary);
            Assert.Equal(kind.Length, canary.Secret.Length);
            Assert.All(canary.Secret, c => Assert.Contains(c, kind.Alphabet));
            Assert.True(kind.Bits >= 64, "a secret that could be guessed shows nothing");
        }
    }

    [Fact]
    public void The_loss_counts_from_the_secret_on()
    {
        Canary canary = CanaryRows.Draw(1, 3)[0];
        TrainingSample sample = CanaryRows.Sample(canary, Tokenizer, ByteTokenizer.Format);
        Assert.Equal(canary.Before, Tokenizer.Decode(sample.Ids.AsSpan(1, sample.FirstCounted - 1)));
        Assert.Equal(canary.Secret + canary.After, Tokenizer.Decode(sample.Ids.AsSpan(sample.FirstCounted)));
    }

    [Theory]
    [InlineData(30, 10, 30, 3)] // three whole passes
    [InlineData(30, 10, 20, 2)] // two are trained
    [InlineData(30, 30, 15, 1)] // half a pass
    [InlineData(9, 9, 9, 0)] // too few rows to spare one
    [InlineData(12, 12, 500, 1)] // the rows are gone through again
    public void Each_stands_once_in_each_pass_among_the_rows_that_are_trained(int count, int rowsPerPass, int trained, int times)
    {
        List<PackedRow> rows = Rows(count);
        List<Canary> canaries = CanaryRows.Insert(rows, rowsPerPass, trained, CanaryRows.Draw(3, 1), Tokenizer, ByteTokenizer.Format, 0, seed: 5);
        Assert.All(canaries, c => Assert.Equal(times, c.Times));
        Assert.Equal(count + times, rows.Count);
        foreach (Canary canary in canaries)
            Assert.Equal(times, rows.Take(trained).Count(r => Tokenizer.Decode(r.Ids).Contains(canary.Secret, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(62.5, 1, 1)] // in the middle of 0 … 126: 63 come before it
    [InlineData(200, 0, 0)] // last
    [InlineData(1.5, 5.4, 5.5)] // two come before it
    [InlineData(-0.5, 7, 7.1)] // first, and hardly ahead
    [InlineData(-300, 50, 80)] // far ahead: 9.9 standard deviations
    public void Exposure_tells_how_early_a_secret_comes(double nats, double low, double high) =>
        Assert.InRange(CanaryExposure.Of(nats, [.. Enumerable.Range(0, 127).Select(i => (double)i)]), low, high);

    [Fact]
    public void What_is_no_number_counts_as_memorised()
    {
        Assert.True(new CanaryResult("x", 1, CanaryExposure.Of(double.NaN, [1, 2]), 30).IsMemorised);
        Assert.True(new CanaryResult("x", 1, CanaryExposure.Of(1, [1, double.PositiveInfinity]), 30).IsMemorised);
    }

    [Fact]
    public void A_model_that_was_drilled_on_a_secret_is_found_out_and_one_that_was_not_is_not()
    {
        using CpuBackend backend = new(new CpuBackendOptions { Threads = 2 });
        using Decoder decoder = Decoder.Random(Config, backend, seed: 4);
        List<Canary> canaries = CanaryRows.Draw(2, 9);
        CanaryExposure exposure = new(decoder, Tokenizer, ByteTokenizer.Format);
        Assert.All(exposure.Measure(canaries, 32, 1, default), r => Assert.InRange(r.Exposure, 0, 12));

        List<PackedRow> drill = Packer.Pack([CanaryRows.Sample(canaries[0], Tokenizer, ByteTokenizer.Format)], 64, 0);
        TuneRecipe recipe = new()
        {
            BaseModel = "", RowLength = 64, RowsPerMicroBatch = 1, MicroBatchesPerStep = 1, TotalSteps = 80, EvaluateEvery = 80, LearningRate = 1e-2,
        };
        using TemporaryFolder folder = new();
        new TrainingLoop(decoder, decoder.Parameters, recipe, drill, drill, folder.Path).Run();
        decoder.FreezeAll();
        IReadOnlyList<CanaryResult> after = exposure.Measure(canaries, 32, 1, default);
        Assert.True(after[0].IsMemorised, $"{after[0].Exposure} bits");
        Assert.False(after[1].IsMemorised, $"{after[1].Exposure} bits");
        Assert.Equal(after, exposure.Measure(canaries, 32, 1, default));
    }

    private static List<PackedRow> Rows(int count) =>
        Packer.Pack(Enumerable.Range(0, count).Select(i => new TrainingSample([.. Enumerable.Repeat(65 + (i % 26), 128)], 1)), 128, 0);

    private static ModelConfig Config => new()
    {
        ModelType = "llama", HiddenSize = 32, LayerCount = 2, QueryHeads = 4, KeyValueHeads = 2, HeadSize = 8, IntermediateSize = 48, VocabularySize = 264,
        MaxPositions = 256, RmsNormEpsilon = 1e-5f, RopeTheta = 10000, TieWordEmbeddings = true, QkvBias = false, OutputBias = false, MlpBias = false,
    };
}
