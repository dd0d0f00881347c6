using System.Globalization;
using CodeTuner.Models.Checkpoints;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Autograd;
using CodeTuner.Tensors.Optimizers;

namespace CodeTuner.Tuning.Trainer;

/// <summary>Where a training is, besides its weights.</summary>
public sealed record TrainingState
{
    /// <summary>Steps done.</summary>
    public int Step { get; init; }

    /// <summary>The lowest held-out loss so far.</summary>
    public double BestLoss { get; init; } = double.PositiveInfinity;

    /// <summary>The step of the lowest held-out loss.</summary>
    public int BestStep { get; init; }

    /// <summary>Validations since then.</summary>
    public int WithoutGain { get; init; }

    /// <summary>Seconds of training, over all processes that took part.</summary>
    public double Seconds { get; init; }

    /// <summary>Writes the state with weights and moments as one safetensors file, whole or not at all.</summary>
    public void Save(string path, Backend backend, AdamW optimizer)
    {
        SafetensorsWriter writer = new();
        foreach (ParameterMoments moments in optimizer.Moments)
        {
            writer.Add(moments.Parameter.Name, backend, moments.Parameter.Value);
            writer.Add("m." + moments.Parameter.Name, backend, moments.First);
            writer.Add("v." + moments.Parameter.Name, backend, moments.Second);
        }

        writer.SetMetadata("step", Step.ToString(CultureInfo.InvariantCulture));
        writer.SetMetadata("best_loss", BestLoss.ToString("R", CultureInfo.InvariantCulture));
        writer.SetMetadata("best_step", BestStep.ToString(CultureInfo.InvariantCulture));
        writer.SetMetadata("without_gain", WithoutGain.ToString(CultureInfo.InvariantCulture));
        writer.SetMetadata("seconds", Seconds.ToString("R", CultureInfo.InvariantCulture));
        writer.Save(path);
    }

    /// <summary>Reads a state, with weights and moments into the optimizer's tensors.</summary>
    /// <exception cref="Models.ModelFormatException">The file is damaged or of another model.</exception>
    public static TrainingState Load(string path, Backend backend, AdamW optimizer)
    {
        using SafetensorsFile file = new(path);
        foreach (ParameterMoments moments in optimizer.Moments)
        {
            backend.WriteBytes(moments.Parameter.Value, file.Bytes(moments.Parameter.Name));
            backend.WriteBytes(moments.First, file.Bytes("m." + moments.Parameter.Name));
            backend.WriteBytes(moments.Second, file.Bytes("v." + moments.Parameter.Name));
        }

        TrainingState state = new()
        {
            Step = int.Parse(file.Metadata["step"], CultureInfo.InvariantCulture),
            BestLoss = double.Parse(file.Metadata["best_loss"], CultureInfo.InvariantCulture),
            BestStep = int.Parse(file.Metadata["best_step"], CultureInfo.InvariantCulture),
            WithoutGain = int.Parse(file.Metadata["without_gain"], CultureInfo.InvariantCulture),
            Seconds = double.Parse(file.Metadata.GetValueOrDefault("seconds", "0"), CultureInfo.InvariantCulture),
        };
        optimizer.StepCount = state.Step;
        return state;
    }

    /// <summary>Writes the weights alone.</summary>
    public static void SaveWeights(string path, Backend backend, IEnumerable<Parameter> parameters)
    {
        SafetensorsWriter writer = new();
        foreach (Parameter parameter in parameters)
            writer.Add(parameter.Name, backend, parameter.Value);
        writer.Save(path);
    }

    /// <summary>Reads weights that <see cref="SaveWeights"/> wrote.</summary>
    public static void LoadWeights(string path, Backend backend, IEnumerable<Parameter> parameters)
    {
        using SafetensorsFile file = new(path);
        foreach (Parameter parameter in parameters)
            backend.WriteBytes(parameter.Value, file.Bytes(parameter.Name));
    }
}
