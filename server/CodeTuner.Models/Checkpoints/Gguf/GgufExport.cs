using CodeTuner.Models.Architectures;
using CodeTuner.Tensors;

namespace CodeTuner.Models.Checkpoints.Gguf;

/// <summary>
/// Exports a model folder in Hugging Face's layout to the one file that llama.cpp and what is built on it read.
/// Names, keys and conventions are those of llama.cpp v0.5.0 and its converter.
/// </summary>
public static class GgufExport
{
    /// <summary>The types that weights can be written in.</summary>
    public static IReadOnlyList<DType> Types { get; } = [DType.Float32, DType.Float16, DType.BFloat16, DType.Q8_0, DType.Q4_0];

    /// <summary>Writes a model as GGUF.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="path">The file; replaced whole.</param>
    /// <param name="type">
    /// How matrices are stored; norms and biases are float32. A matrix whose rows are no whole blocks of a quantised type is stored as
    /// float16. With Q4_0 the embedding and the output layer are Q8_0: they lose most by four bits.
    /// </param>
    /// <param name="name">What the file calls the model; the folder's name where it is null.</param>
    /// <exception cref="ModelFormatException">The model is damaged, or of a kind that llama.cpp does not serve as this engine does.</exception>
    /// <exception cref="IOException">The file could not be written; what was there is unchanged.</exception>
    public static void Write(string folder, string path, DType type, string? name = null)
    {
        if (!Types.Contains(type))
            throw new ArgumentOutOfRangeException(nameof(type), type, "Weights cannot be written in this type.");
        string config = Path.Combine(folder, "config.json");
        if (!File.Exists(config) && File.Exists(Path.Combine(folder, "adapter_config.json")))
            throw new ModelFormatException($"{folder} is an adapter, not a model. Merge it into its base first; \"codetuner runs export\" gives a merged model.");
        ModelConfig model = ModelConfig.Load(config);
        GgufArchitecture.Check(config, model);
        using Checkpoint checkpoint = Checkpoint.Open(folder);
        GgufWriter writer = new();
        GgufArchitecture.Describe(writer, model, type, name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))));
        GgufVocabulary.Describe(writer, folder, model);
        GgufWeights.Add(writer, checkpoint, model, type);
        writer.Save(path);
    }
}
