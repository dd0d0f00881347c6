using System.Text.Json.Nodes;

namespace CodeTuner.Models.Architectures;

/// <summary>How rotary frequencies are changed for longer contexts than the model was first trained with.</summary>
/// <param name="Kind"><c>linear</c> or <c>llama3</c>.</param>
/// <param name="Factor">What slow frequencies are divided by.</param>
/// <param name="LowFrequencyFactor">llama3: wavelengths above original / this are divided fully.</param>
/// <param name="HighFrequencyFactor">llama3: wavelengths below original / this are kept.</param>
/// <param name="OriginalMaxPositions">llama3: the context of the first training.</param>
public sealed record RopeScaling(string Kind, double Factor, double LowFrequencyFactor, double HighFrequencyFactor, double OriginalMaxPositions)
{
    /// <summary>The frequency to use instead of <paramref name="frequency"/> (as in transformers' <c>modeling_rope_utils</c>).</summary>
    public double Apply(double frequency)
    {
        if (Kind == "linear")
            return frequency / Factor;
        double wavelength = 2 * Math.PI / frequency;
        if (wavelength < OriginalMaxPositions / HighFrequencyFactor)
            return frequency;
        if (wavelength > OriginalMaxPositions / LowFrequencyFactor)
            return frequency / Factor;
        double smooth = ((OriginalMaxPositions / wavelength) - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor);
        return ((1 - smooth) * frequency / Factor) + (smooth * frequency);
    }

    internal static RopeScaling? Parse(string path, JsonObject json)
    {
        string kind = json["rope_type"]?.GetValue<string>() ?? json["type"]?.GetValue<string>() ?? "default";
        double Number(string name) => json[name]?.GetValue<double>() ?? throw new ModelFormatException($"{path}: the rope scaling lacks {name}.");
        return kind switch
        {
            "default" => null,
            "linear" => new RopeScaling(kind, Number("factor"), 1, 1, 0),
            "llama3" => new RopeScaling(
                kind, Number("factor"), Number("low_freq_factor"), Number("high_freq_factor"), Number("original_max_position_embeddings")),
            _ => throw new ModelFormatException($"{path}: the rope scaling \"{kind}\" is not supported; linear and llama3 are."),
        };
    }
}
