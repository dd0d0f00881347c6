using System.Runtime.Intrinsics.X86;

namespace CodeTuner.Tensors.Cpu;

/// <summary>How a <see cref="CpuBackend"/> works.</summary>
public sealed record CpuBackendOptions
{
    /// <summary>The kernels to use; null takes the widest that this processor has.</summary>
    public CpuKernelSet? Kernels { get; init; }

    /// <summary>Threads; null takes one a core. Not used where <see cref="Pool"/> is given.</summary>
    public int? Threads { get; init; }

    /// <summary>Threads shared with other backends; null makes a pool of this backend's own.</summary>
    public Threading.CpuThreadPool? Pool { get; init; }

    /// <summary>Whether this backend's work gives way to others'.</summary>
    public Threading.ComputePriority Priority { get; init; }

    /// <summary>The widest kernels that this processor has.</summary>
    public static CpuKernelSet BestKernels =>
        Enum.GetValues<CpuKernelSet>().Last(IsSupported);

    /// <summary>Whether this processor can run the kernels.</summary>
    public static bool IsSupported(CpuKernelSet kernels) => kernels switch
    {
        CpuKernelSet.Avx512 => Avx512F.IsSupported && IsSupported(CpuKernelSet.Avx2),
        CpuKernelSet.AvxVnni => AvxVnni.IsSupported && IsSupported(CpuKernelSet.Avx2),
        CpuKernelSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };
}
