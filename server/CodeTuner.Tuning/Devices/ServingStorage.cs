using CodeTuner.Models.Architectures;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Tensors;

namespace CodeTuner.Tuning.Devices;

/// <summary>How a model's weights are held for serving: a small one's as they are stored, a large one's in blocks of 8 bits.</summary>
public static class ServingStorage
{
    // Below this the memory does not matter, and every bit of a small model's accuracy does.
    private const long Small = 100_000_000;

    /// <summary>The storage type of a model's matrices; null leaves them as they are stored.</summary>
    public static DType? Of(ModelConfig config) => config.ParameterCount < Small || !MatrixStorage.Fits(config, DType.Q8_0) ? null : DType.Q8_0;

    /// <summary>The most bytes that its weights take so.</summary>
    public static long Bytes(ModelConfig config) => MatrixStorage.Bytes(config, Of(config) ?? DType.Float32);
}
