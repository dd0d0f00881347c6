using CodeTuner.Models.Architectures;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Ggml;
using CodeTuner.Tests;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning.Health;

namespace CodeTuner.Tuning.Tests.Devices;

/// <summary>What computes, and whether a model fits there. Cards themselves are the business of the room that reaches them.</summary>
public sealed class DeviceTests : IDisposable
{
    private const long Gibibyte = 1L << 30;
    private readonly TemporaryFolder _folder = new();

    private GgmlLibraryOptions Nowhere => new() { BaseDirectory = _folder.Path, Environment = null };

    [Theory]
    [InlineData("cpu")]
    [InlineData("CPU")]
    [InlineData("auto")]
    [InlineData("")]
    public void WithoutLibrariesTheProcessorComputes(string wanted)
    {
        ComputeDevice device = ComputeDevice.Choose(wanted, Nowhere);
        Assert.Null(device.Card);
        Assert.Null(device.AvailableBytes(0.8));
        using Backend backend = device.CreateBackend(new CpuBackendOptions { Threads = 1 }, 0.8);
        Assert.IsType<CpuBackend>(backend);
    }

    [Fact]
    public void ACardThatIsNotThereIsRefusedWithWhatToDo()
    {
        string message = Assert.Throws<TuningException>(() => ComputeDevice.Choose("Vulkan3", Nowhere)).Message;
        Assert.Contains("no device Vulkan3", message, StringComparison.Ordinal);
        Assert.Contains("ggml", message, StringComparison.Ordinal);
        Assert.Contains("\"cpu\"", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NVIDIA GeForce RTX 4070", true)]
    [InlineData("AMD Radeon 780M (RADV PHOENIX)", true)]
    [InlineData("llvmpipe (LLVM 15.0.6, 256 bits)", false)]
    [InlineData("SwiftShader Device (LLVM 10.0.0)", false)]
    public void DriversThatDrawOnTheProcessorAreNoCards(string description, bool isHardware) =>
        Assert.Equal(isHardware, ComputeDevice.IsHardware(description));

    [Fact]
    public void TheDoctorSaysThatNoCardIsNoFault()
    {
        HealthCheck check = CardCheck.Run(CardSurvey.Take(Nowhere));
        Assert.Equal(HealthStatus.Ok, check.Status);
        Assert.Contains("the processor computes", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void TheDoctorListsWhatACardLacks()
    {
        GgmlMissingOperation turned = new("OUT_PROD (bf16)", "a turned copy"), lacking = new("GET_ROWS_BACK (f32)", null);
        Assert.Equal((HealthStatus.Ok, "all there"), Judged([]));
        Assert.Equal((HealthStatus.Ok, "Operations computed another way:"), Judged([turned]));
        Assert.Equal((HealthStatus.Warning, "Some can not be computed there"), Judged([turned, lacking]));
        Assert.Equal(["OUT_PROD (bf16): a turned copy", "GET_ROWS_BACK (f32): can not be computed"], CardOperations.Judge("", [turned, lacking]).Items);

        static (HealthStatus, string) Judged(IReadOnlyList<GgmlMissingOperation> missing) =>
            CardOperations.Judge("", missing) is { } check ? (check.Status, check.Detail) : default;
    }

    // The shapes of Qwen 2.5 Coder; what is wanted is the order of size, as bytes differ by what else a process holds.
    [Theory]
    [InlineData(24, 896, 14, 2, 4864, 8.0, "fits to serve and to tune")]
    [InlineData(24, 896, 14, 2, 4864, 1.5, "fits to serve, and to tune with the base in four bits")]
    [InlineData(24, 896, 14, 2, 4864, 1.2, "fits to serve, but not to tune")]
    [InlineData(28, 3584, 28, 4, 18944, 60.0, "fits to serve and to tune")]
    [InlineData(28, 3584, 28, 4, 18944, 30.0, "fits to serve, and to tune with the base in eight bits")]
    [InlineData(28, 3584, 28, 4, 18944, 24.0, "fits to serve, and to tune with the base in four bits (q4_0), which may cost quality")]
    [InlineData(28, 3584, 28, 4, 18944, 12.0, "fits to serve, and to tune with the base in four bits (q4_0), which may cost quality")] // checkpointing
    [InlineData(28, 3584, 28, 4, 18944, 4.0, "too large")]
    public void SaysWhichModelFits(int layers, int hidden, int heads, int keyHeads, int intermediate, double available, string words)
    {
        ModelFit fit = ModelFit.Of(Shape(layers, hidden, heads, keyHeads, intermediate), (long)(available * Gibibyte));
        Assert.StartsWith(words, fit.Words, StringComparison.Ordinal);
        Assert.True(fit.Serves || !fit.Tunes);
    }

    [Theory]
    [InlineData(2, 256, 4, 2, 704, DType.Q8_0)]
    [InlineData(24, 896, 14, 2, 4864, DType.Q8_0)]
    [InlineData(24, 896, 14, 2, 4870, null)] // rows that have no whole blocks
    public void ModelsAreServedInEightBits(int layers, int hidden, int heads, int keyHeads, int intermediate, DType? storage) =>
        Assert.Equal(storage, ServingStorage.Of(Shape(layers, hidden, heads, keyHeads, intermediate)));

    public void Dispose() => _folder.Dispose();

    private static ModelConfig Shape(int layers, int hidden, int heads, int keyHeads, int intermediate) => new()
    {
        ModelType = "qwen2", HiddenSize = hidden, LayerCount = layers, QueryHeads = heads, KeyValueHeads = keyHeads, HeadSize = hidden / heads,
        IntermediateSize = intermediate, VocabularySize = 151_936, MaxPositions = 32_768, RmsNormEpsilon = 1e-6f, RopeTheta = 1e6, TieWordEmbeddings = true,
        QkvBias = true, OutputBias = false, MlpBias = false,
    };
}
