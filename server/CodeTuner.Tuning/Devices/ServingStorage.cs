using CodeTuner.Models.Architectures;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Models.Generation;
using CodeTuner.Tensors;

namespace CodeTuner.Tuning.Devices;

/// <summary>
/// How a model's weights are held for serving: in blocks of 8 bits, wherever its rows have whole ones. That takes half the memory of
/// 16 bits and the least time, and loses next to nothing (docs/benchmarks.md).
/// </summary>
public static class ServingStorage
{
    /// <summary>The storage type of a model's matrices; null leaves them as they are stored.</summary>
    public static DType? Of(ModelConfig config) => MatrixStorage.Fits(config, DType.Q8_0) ? DType.Q8_0 : null;

    /// <summary>The most bytes that its weights take so.</summary>
    public static long Bytes(ModelConfig config) => MatrixStorage.Bytes(config, Of(config) ?? DType.Float32);

    /// <summary>Loads a model to serve it.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="config">Its <c>config.json</c>.</param>
    /// <param name="backend">Where the weights go.</param>
    /// <exception cref="Models.ModelFormatException">Something in the folder is missing, damaged or not supported.</exception>
    public static DecoderLanguageModel Load(string folder, ModelConfig config, Backend backend) => DecoderLanguageModel.Load(folder, config, backend, Of(config));
}
