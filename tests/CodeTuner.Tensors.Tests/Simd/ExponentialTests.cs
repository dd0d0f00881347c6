using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Cpu.Simd;

namespace CodeTuner.Tensors.Tests.Simd;

public unsafe class ExponentialTests
{
    public static TheoryData<CpuKernelSet> Widths => [.. new[] { CpuKernelSet.Portable, CpuKernelSet.Avx2, CpuKernelSet.Avx512 }.Where(CpuBackendOptions.IsSupported)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void ItIsExactToAnUlpOrTwo(CpuKernelSet kernels)
    {
        for (float x = -87; x < 88; x += 0.00317f)
        {
            double exact = Math.Exp(x);
            Assert.InRange(Of(x, kernels) / exact, 1 - 2e-7, 1 + 2e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void TheEndsAreZeroAndLarge(CpuKernelSet kernels)
    {
        Assert.Equal(1, Of(0, kernels));
        Assert.Equal(0, Of(-89, kernels));
        Assert.Equal(0, Of(float.MinValue, kernels));
        Assert.Equal(0, Of(float.NegativeInfinity, kernels));
        Assert.InRange(Of(1000, kernels), 1e38f, float.MaxValue);
        Assert.InRange(Of(float.PositiveInfinity, kernels), 1e38f, float.MaxValue);
        Assert.True(float.IsNaN(Of(float.NaN, kernels)));
    }

    private static float Of(float x, CpuKernelSet kernels) => kernels switch
    {
        CpuKernelSet.Avx512 => Lane<Simd512>(x),
        CpuKernelSet.Avx2 => Lane<Simd256>(x),
        _ => Lane<Simd128>(x),
    };

    private static float Lane<T>(float x)
        where T : struct, ISimd<T>
    {
        float* lanes = stackalloc float[16];
        T.Store(Exponential.Of(T.Broadcast(x)), lanes);
        return lanes[T.Width - 1];
    }
}
