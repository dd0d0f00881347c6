namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary>C (M, N) = or += scale · A · Bᵀ, B a quantised matrix in panels; the kernel is chosen at start.</summary>
/// <remarks>
/// A is rounded to int8 in blocks of 32, as llama.cpp does: an element differs from its own by at most 1/254 of its block's largest.
/// Products within a block are added in integers, which is exact, and blocks in float32 in their order. So a row of C does not
/// depend on the other rows, on the threads or on the kernel's shape: a token gets the same result alone and within a prompt.
/// </remarks>
internal abstract unsafe class Q8Gemm
{
    /// <summary>The product over the pool's threads.</summary>
    /// <param name="scratch">Working memory and threads.</param>
    /// <param name="c">(M, N).</param>
    /// <param name="a">(M, K).</param>
    /// <param name="b">(N, K) in panels.</param>
    /// <param name="type">B's type.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Depth, a multiple of 32.</param>
    /// <param name="accumulate">Add to C rather than overwrite.</param>
    /// <param name="scale">Multiplied with the product.</param>
    public abstract void Multiply(CpuScratch scratch, float* c, float* a, byte* b, DType type, int m, int n, int k, bool accumulate, float scale);
}
