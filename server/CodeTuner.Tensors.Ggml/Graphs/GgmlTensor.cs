namespace CodeTuner.Tensors.Ggml.Graphs;

/// <summary>A handle whose value changes with each operation that writes it.</summary>
internal sealed class GgmlTensor(Shape shape, DType type, GgmlBackend owner) : Tensor(shape, type)
{
    public GgmlBackend Owner { get; } = owner;

    /// <summary>What it holds, or null before it is set.</summary>
    public GgmlValue? Value { get; set; }

    public bool IsReleased { get; set; }

    public long Size { get; } = type.Bytes(shape);
}
