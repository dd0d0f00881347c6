namespace CodeTuner.Tensors.Ggml;

/// <summary>How a <see cref="GgmlBackend"/> works.</summary>
public sealed record GgmlBackendOptions
{
    /// <summary>Threads of a CPU device; GPUs take no notice.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// The most bytes that the scores of an attention or the logits of a loss take at once. Larger ones are computed
    /// piece by piece, which costs a little time.
    /// </summary>
    public long ScratchBytes { get; init; } = 256 << 20;

    /// <summary>The most of the device's memory that tensors may take, 0 to 1; what the inner values of a step take comes on top.</summary>
    public double MemoryShare { get; init; } = 1;

    /// <summary>The size of the buffers that smaller tensors are cut from.</summary>
    public long BufferBytes { get; init; } = 32 << 20;

    /// <summary>How many graphs are kept for when the same shapes come again; each costs host memory only.</summary>
    public int CachedGraphs { get; init; } = 64;
}
