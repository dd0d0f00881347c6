namespace CodeTuner.Compare.Kernels;

/// <summary>A product in ggml, with its operands in place.</summary>
internal sealed class GgmlProduct(Ggml ggml, nint context, nint graph, nint buffer, nint result, int count) : IDisposable
{
    public void Run() => ggml.Compute(graph);

    /// <summary>(M, N).</summary>
    public float[] Result() => ggml.Get(result, count);

    public void Dispose() => ggml.Free(context, buffer);
}
