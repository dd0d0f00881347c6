using CodeTuner.Models.Architectures;
using CodeTuner.Tensors;

namespace CodeTuner.Tuning.Devices;

/// <summary>How a model's weights are held for serving: a small one's as they are stored, a large one's in blocks of 8 bits.</summary>
public static class ServingStorage
{
    // Below this the memory does not matter, and every bit of a small model's accuracy does.
    private const long Small = 100_000_000;

    /// <summary>The storage type of a model's matrices; null leaves them as they are stored.</summary>
    public static DType? Of(ModelConfig config) => config.ParameterCount < Small || !HasWholeBlocks(config) ? null : DType.Q8_0;

    /// <summary>The most bytes that its weights take so.</summary>
    public static long Bytes(ModelConfig config) => Of(config) is null ? config.ParameterCount * sizeof(float) : config.ParameterCount * DTypes.Q8BlockBytes / DTypes.Q8BlockSize;

    // Q8_0 keeps 32 values of a row together.
    private static bool HasWholeBlocks(ModelConfig config) =>
        config.HiddenSize % 32 == 0 && config.IntermediateSize % 32 == 0 && config.QueryHeads * config.HeadSize % 32 == 0;
}
