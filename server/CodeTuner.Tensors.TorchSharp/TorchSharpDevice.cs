namespace CodeTuner.Tensors.TorchSharp;

/// <summary>A device of libtorch.</summary>
public readonly record struct TorchSharpDevice
{
    private TorchSharpDevice(bool isCuda, int index) => (IsCuda, Index) = (isCuda, index);

    /// <summary>The processor.</summary>
    public static TorchSharpDevice Cpu => default;

    /// <summary>Whether this is a CUDA device.</summary>
    public bool IsCuda { get; }

    /// <summary>The CUDA device's number; 0 for the CPU.</summary>
    public int Index { get; }

    /// <summary>A CUDA device.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static TorchSharpDevice Cuda(int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new TorchSharpDevice(true, index);
    }

    /// <inheritdoc/>
    public override string ToString() => IsCuda ? $"CUDA {Index}" : "CPU";
}
