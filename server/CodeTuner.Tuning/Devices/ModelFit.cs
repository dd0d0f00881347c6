using CodeTuner.Models.Architectures;
using CodeTuner.Tensors;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Tuning.Devices;

/// <summary>Whether a device has the memory to serve a model and to tune it. In bytes; estimates, made before anything is loaded.</summary>
/// <param name="Available">What the device has free.</param>
/// <param name="Serving">What serving takes.</param>
/// <param name="Tuning">What tuning takes, with the usual recipe for a model of its size.</param>
/// <param name="Base">How the base is held for it: in as much as there is room for.</param>
public sealed record ModelFit(long Available, long Serving, long Tuning, DType Base)
{
    private const long KeptPositions = 4096;

    // Its files are not looked at here.
    private const DType UsuallyStored = DType.BFloat16;

    /// <summary>Whether it can be served.</summary>
    public bool Serves => Serving <= Available;

    /// <summary>Whether it can be tuned, and the result served.</summary>
    public bool Tunes => Serves && Tuning <= Available;

    /// <summary>For people, such as "fits to serve, but not to tune: that takes 6.1 GiB, and 4.0 GiB are free".</summary>
    public string Words => (Serves, Tunes) switch
    {
        (_, true) when Base == DType.Q4_0 => "fits to serve, and to tune with the base in four bits (q4_0), which may cost quality",
        (_, true) when Base == DType.Q8_0 => "fits to serve, and to tune with the base in eight bits (q8_0)",
        (_, true) => "fits to serve and to tune",
        (true, false) => $"fits to serve, but not to tune: that takes {ByteSize.Words(Tuning)}, and {ByteSize.Words(Available)} are free",
        _ => $"too large: serving takes {ByteSize.Words(Serving)}, and {ByteSize.Words(Available)} are free",
    };

    /// <summary>Estimates from the sizes alone.</summary>
    /// <param name="config">The model.</param>
    /// <param name="available">Bytes that the device has free.</param>
    public static ModelFit Of(ModelConfig config, long available)
    {
        long cache = 2L * config.LayerCount * config.KeyValueHeads * config.HeadSize * Math.Min(config.MaxPositions, KeptPositions) * sizeof(float);
        TuneMethod method = StepPlan.UsualMethod(config);
        TuneRecipe recipe = new() { BaseModel = "", Method = method };
        recipe = recipe with { BaseStorage = BaseStorage.Choose(config, recipe, null, UsuallyStored, available) };
        MemoryEstimate tuning = MemoryEstimate.Of(config, recipe);
        if (tuning.Total > available)
            tuning = MemoryEstimate.Of(config, recipe with { ActivationCheckpointing = true });
        return new ModelFit(available, ServingStorage.Bytes(config) + cache + tuning.Working, tuning.Total, recipe.BaseStorage);
    }
}
