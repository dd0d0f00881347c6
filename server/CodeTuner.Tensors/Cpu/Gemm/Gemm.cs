namespace CodeTuner.Tensors.Cpu.Gemm;

/// <summary>A matrix product C (M, N) = or += scale · A · B of packed, register-tiled blocks; the kernel is chosen at start.</summary>
internal abstract unsafe class Gemm
{
    /// <summary>C (M, N) = or += scale · A (M, K) · B (K, N), over the pool's threads.</summary>
    public abstract void Multiply(
        CpuScratch scratch, float* c, long stride, in MatrixView a, in MatrixView b, int m, int n, int k, bool accumulate, float scale);
}
