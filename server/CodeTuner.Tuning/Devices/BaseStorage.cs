using CodeTuner.Models.Architectures;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Tensors;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Tuning.Devices;

/// <summary>
/// How a tune holds its base. Weights that are trained are float32; a base that is frozen under adapters may be held in less
/// (in four bits: QLoRA, arXiv 2305.14314).
/// </summary>
public static class BaseStorage
{
    /// <summary>The name that leaves the choice to the program.</summary>
    public const string Automatic = "auto";

    // Below this the memory does not matter, and products of float32 are the fastest.
    private const long Small = 100_000_000;

    private static readonly Dictionary<string, DType> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["float32"] = DType.Float32, ["bfloat16"] = DType.BFloat16, ["float16"] = DType.Float16, ["q8_0"] = DType.Q8_0, ["q4_0"] = DType.Q4_0,
    };

    /// <summary>What a user may ask for.</summary>
    public static IReadOnlyList<string> Names { get; } = [Automatic, .. Types.Keys];

    /// <summary>The type of a name; null for <see cref="Automatic"/>.</summary>
    /// <exception cref="TuningException">There is no such type; the message lists those that there are.</exception>
    public static DType? Parse(string name)
    {
        if (name.Equals(Automatic, StringComparison.OrdinalIgnoreCase))
            return null;
        return Types.TryGetValue(name, out DType type)
            ? type
            : throw new TuningException($"A base cannot be held in \"{name}\". There are: {string.Join(", ", Names)}.");
    }

    /// <summary>The name of a type.</summary>
    public static string NameOf(DType type) => Types.First(t => t.Value == type).Key;

    /// <summary>Chooses for a tune.</summary>
    /// <param name="config">The base.</param>
    /// <param name="recipe">The recipe, its method chosen.</param>
    /// <param name="wanted">What the user asked for; null takes the first of the candidates that fits, or the smallest.</param>
    /// <param name="stored">What the base's file holds.</param>
    /// <param name="available">Bytes that the device has free.</param>
    /// <exception cref="TuningException">What was asked for cannot be done.</exception>
    public static DType Choose(ModelConfig config, TuneRecipe recipe, DType? wanted, DType stored, long available)
    {
        if (recipe.Method == TuneMethod.Full)
        {
            return wanted is null or DType.Float32
                ? DType.Float32
                : throw new TuningException($"A base in {NameOf(wanted.Value)} can only be tuned with adapters: trained weights are float32. Use the method lora, or leave the base's type to the program.");
        }

        if (wanted is { } asked)
        {
            return MatrixStorage.Fits(config, asked)
                ? asked
                : throw new TuningException($"The base cannot be held in {NameOf(asked)}: its matrices have rows that are no multiple of {asked.BlockSize()}. Take bfloat16, float16 or float32.");
        }

        DType[] candidates = [.. Candidates(config, stored)];
        return candidates.Cast<DType?>().FirstOrDefault(type => MemoryEstimate.Of(config, recipe with { BaseStorage = type!.Value }).Total <= available) ?? candidates[^1];
    }

    /// <summary>What the largest part of a model folder's weights is stored in.</summary>
    /// <exception cref="Models.ModelFormatException">The checkpoint cannot be read.</exception>
    public static DType Stored(string folder)
    {
        using Checkpoint checkpoint = Checkpoint.Open(folder);
        return checkpoint.Names.Select(name => checkpoint.FileOf(name).Entries[name])
            .GroupBy(entry => entry.Type)
            .MaxBy(group => group.Sum(entry => entry.Shape.Aggregate(1.0, (count, size) => count * size)))?.Key ?? DType.Float32;
    }

    // The best first.
    private static IEnumerable<DType> Candidates(ModelConfig config, DType stored)
    {
        if (config.ParameterCount <= Small)
            yield return DType.Float32;
        yield return stored;
        if (stored == DType.Float32)
            yield return DType.BFloat16;
        foreach (DType type in (DType[])[DType.Q8_0, DType.Q4_0])
        {
            if (MatrixStorage.Fits(config, type))
                yield return type;
        }
    }
}
