using CodeTuner.Models.Architectures;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Tensors;
using CodeTuner.Tests;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Tuning.Tests.Devices;

public class BaseStorageTests
{
    private static readonly ModelConfig Large = Shape(2048, 11008), Tiny = Shape(64, 128), Odd = Shape(2048, 11000);

    private static readonly TuneRecipe Lora = new() { BaseModel = "", Method = TuneMethod.Lora, RowLength = 64, RowsPerMicroBatch = 1 };

    // Gigabytes: one of weights in 8 bits takes about 3.3, and what comes beside them about 1.
    [Theory]
    [InlineData(DType.BFloat16, 20.0, DType.BFloat16)]
    [InlineData(DType.Float16, 20.0, DType.Float16)]
    [InlineData(DType.Float32, 20.0, DType.Float32)]
    [InlineData(DType.Float32, 10.0, DType.BFloat16)]
    [InlineData(DType.BFloat16, 6.0, DType.Q8_0)]
    [InlineData(DType.Float32, 6.0, DType.Q8_0)]
    [InlineData(DType.BFloat16, 4.4, DType.Q4_0)]
    [InlineData(DType.BFloat16, 0.1, DType.Q4_0)] // which does not fit either, and is refused by what it takes
    public void A_large_base_is_frozen_in_as_many_bits_as_there_is_room_for(DType stored, double gigabytes, DType expected) =>
        Assert.Equal(expected, BaseStorage.Choose(Large, Lora, null, stored, (long)(gigabytes * 1e9)));

    [Fact]
    public void A_small_base_stays_in_float32() =>
        Assert.Equal(DType.Float32, BaseStorage.Choose(Tiny, Lora, null, DType.BFloat16, 1L << 30));

    [Fact]
    public void Rows_that_are_no_whole_blocks_are_not_quantised()
    {
        Assert.Equal(DType.BFloat16, BaseStorage.Choose(Odd, Lora, null, DType.BFloat16, 1));
        Assert.Contains("no multiple of 32", Refused(() => BaseStorage.Choose(Odd, Lora, DType.Q4_0, DType.BFloat16, long.MaxValue)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_asked_for_is_taken() =>
        Assert.Equal(DType.Q4_0, BaseStorage.Choose(Tiny, Lora, DType.Q4_0, DType.BFloat16, long.MaxValue));

    [Fact]
    public void Weights_that_are_trained_are_float32()
    {
        TuneRecipe full = Lora with { Method = TuneMethod.Full };
        Assert.Equal(DType.Float32, BaseStorage.Choose(Large, full, null, DType.BFloat16, 1));
        Assert.Contains("q4_0 can only be tuned with adapters", Refused(() => BaseStorage.Choose(Large, full, DType.Q4_0, DType.BFloat16, 1)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auto", null)]
    [InlineData("Q4_0", DType.Q4_0)]
    [InlineData("bfloat16", DType.BFloat16)]
    public void Names_are_read(string name, DType? type) => Assert.Equal(type, BaseStorage.Parse(name));

    [Fact]
    public void Other_names_are_refused_with_those_that_there_are() =>
        Assert.Contains("auto, float32, bfloat16, float16, q8_0, q4_0", Refused(() => BaseStorage.Parse("int4")), StringComparison.Ordinal);

    [Fact]
    public void What_a_folder_holds_is_read_from_its_weights() =>
        Assert.Equal(DType.BFloat16, BaseStorage.Stored(Path.Combine(Repository.Root, "models", "codetuner-10m")));

    // The larger of training and of measuring, which holds a model in eight bits.
    [Fact]
    public void Less_for_the_base_takes_less_memory()
    {
        long[] totals = [.. new[] { DType.Float32, DType.BFloat16, DType.Q8_0, DType.Q4_0 }.Select(type => MemoryEstimate.Of(Large, Lora with { BaseStorage = type }).Total)];
        Assert.Equal(totals.OrderDescending(), totals);
        Assert.True(MatrixStorage.Bytes(Large, DType.Q4_0) < 0.6 * MatrixStorage.Bytes(Large, DType.Q8_0));
    }

    [Theory]
    [InlineData(0.25, false, "only 256 MiB are free.")]
    [InlineData(2.0, false, "to be measured and served")]
    [InlineData(4.0, false, "Use --method lora, a smaller --batch-rows")]
    [InlineData(2.0, true, "only 2.0 GiB are free on the graphics card. Use a smaller model. The processor has memory of its own: choose the device \"cpu\".")]
    [InlineData(4.0, true, "The processor has memory of its own")]
    public void What_does_not_fit_is_refused_by_what_it_takes(double gibibytes, bool ofCard, string says) =>
        Assert.Contains(says, Refused(() => MemoryEstimate.Of(Large, Lora with { BaseStorage = DType.Q4_0, RowLength = 1024 }).RequireAtMost((long)(gibibytes * (1L << 30)), ofCard)), StringComparison.Ordinal);

    private static string Refused(Action action) => Assert.Throws<TuningException>(action).Message;

    private static ModelConfig Shape(int hidden, int intermediate) => new()
    {
        ModelType = "qwen2", HiddenSize = hidden, LayerCount = 36, QueryHeads = 16, KeyValueHeads = 2, HeadSize = hidden / 16, IntermediateSize = intermediate,
        VocabularySize = hidden == 64 ? 512 : 151_936, MaxPositions = 32_768, RmsNormEpsilon = 1e-6f, RopeTheta = 1e6, TieWordEmbeddings = true,
        QkvBias = true, OutputBias = false, MlpBias = false,
    };
}
