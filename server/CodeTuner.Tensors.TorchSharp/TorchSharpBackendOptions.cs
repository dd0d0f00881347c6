namespace CodeTuner.Tensors.TorchSharp;

/// <summary>How a <see cref="TorchSharpBackend"/> works.</summary>
public sealed record TorchSharpBackendOptions
{
    /// <summary>Where tensors live; null takes the first CUDA device where there is one, and the CPU otherwise.</summary>
    public TorchSharpDevice? Device { get; init; }
}
