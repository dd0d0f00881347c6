namespace CodeTuner.Tensors.Cpu;

/// <summary>The instruction sets that the CPU kernels are written for.</summary>
public enum CpuKernelSet
{
    /// <summary>128-bit registers, on any processor (NEON and SSE among them).</summary>
    Portable,

    /// <summary>AVX2 with fused multiply-add.</summary>
    Avx2,

    /// <summary>AVX2 and AVX-VNNI's products of eight-bit numbers.</summary>
    AvxVnni,

    /// <summary>AVX-512F, and AVX-VNNI where the processor has it too.</summary>
    Avx512,
}
