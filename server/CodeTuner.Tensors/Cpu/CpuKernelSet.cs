namespace CodeTuner.Tensors.Cpu;

/// <summary>The instruction sets that the CPU kernels are written for.</summary>
public enum CpuKernelSet
{
    /// <summary>128-bit registers, on any processor (NEON and SSE among them).</summary>
    Portable,

    /// <summary>AVX2 with fused multiply-add.</summary>
    Avx2,

    /// <summary>AVX-512F.</summary>
    Avx512,
}
