namespace CodeTuner.Tensors.Cpu.Gemm;

/// <summary>A matrix product C (M, N) = or += scale · A · B of packed, register-tiled blocks; the kernel is chosen at start.</summary>
internal abstract unsafe class Gemm
{
    /// <summary>C (M, N) = or += scale · A (M, K) · B (K, N), over the pool's threads.</summary>
    public abstract void Multiply(
        CpuScratch scratch, float* c, long stride, in MatrixView a, in MatrixView b, int m, int n, int k, bool accumulate, float scale);

    /// <summary>The same on the calling thread alone, with packed blocks in <paramref name="workspace"/>: for the small products inside a tile.</summary>
    /// <param name="workspace">At least <see cref="WorkspaceFloats"/> floats.</param>
    /// <param name="c">The first element of C.</param>
    /// <param name="stride">Floats from a row of C to the next.</param>
    /// <param name="a">(M, K).</param>
    /// <param name="b">(N, K) as seen by its depth.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Depth.</param>
    /// <param name="accumulate">Add to C rather than overwrite.</param>
    /// <param name="scale">Multiplied with the product.</param>
    public abstract void MultiplyHere(
        float* workspace, float* c, long stride, in MatrixView a, in MatrixView b, int m, int n, int k, bool accumulate, float scale);

    /// <summary>The floats <see cref="MultiplyHere"/> needs.</summary>
    public abstract long WorkspaceFloats(int m, int n, int k);
}
