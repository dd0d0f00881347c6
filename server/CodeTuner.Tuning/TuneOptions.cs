using CodeTuner.Tensors;
using CodeTuner.Tuning.Trainer;
using CodeTuner.Workspace.Scanning;

namespace CodeTuner.Tuning;

/// <summary>What a tune is asked to do.</summary>
public sealed record TuneOptions
{
    /// <summary>How; its base model must be named. Zero steps, interval and threads are chosen when the run is prepared.</summary>
    public required TuneRecipe Recipe { get; init; }

    /// <summary>Whether <see cref="TuneRecipe.Method"/> was asked for; otherwise it follows from the model's size.</summary>
    public bool MethodIsChosen { get; init; }

    /// <summary>How the base is held while adapters are trained on it; null takes what fits (<see cref="Devices.BaseStorage"/>).</summary>
    public DType? BaseStorage { get; init; }

    /// <summary>Bytes that the tune may take on the device that computes; null is what this machine has free.</summary>
    public long? AvailableMemory { get; init; }

    /// <summary>What to read.</summary>
    public ScanOptions Scan { get; init; } = new();

    /// <summary>Held-out lines to fill in.</summary>
    public int Spots { get; init; } = 100;

    /// <summary>Held-out sequences to score.</summary>
    public int Sequences { get; init; } = 100;
}
