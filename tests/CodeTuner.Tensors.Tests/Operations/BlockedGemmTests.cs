using CodeTuner.Tensors.Cpu;
using CodeTuner.Tensors.Cpu.Gemm;
using CodeTuner.Tensors.Cpu.Simd;
using CodeTuner.Tensors.Cpu.Threading;

namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>Products of many blocks each way, made small for it, from and to any address, with every micro-kernel.</summary>
public sealed unsafe class BlockedGemmTests
{
    // Some dozens of rows and columns by one slice of the depth.
    private const int BlockFloats = 48 * PackedBlock.Slice;

    // Floats between the rows of C, which stay as they are.
    private const int Gap = 3;

    public static TheoryData<CpuKernelSet, int, int, int> Sizes
    {
        get
        {
            TheoryData<CpuKernelSet, int, int, int> data = [];
            foreach (CpuKernelSet kernels in new[] { CpuKernelSet.Portable, CpuKernelSet.Avx2, CpuKernelSet.Avx512 }.Where(CpuBackendOptions.IsSupported))
            {
                foreach ((int m, int n, int k) in new[] { (101, 70, 1100), (49, 97, 513), (150, 130, 512), (97, 40, 1), (13, 161, 1025), (24, 64, 700), (48, 33, 40), (5, 100, 0) })
                    data.Add(kernels, m, n, k);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AllBlocksAddUp(CpuKernelSet kernels, int m, int n, int k)
    {
        foreach (MatMulLayout layout in Enum.GetValues<MatMulLayout>())
        {
            float[] a = Numbers(m * k), b = Numbers(n * k), before = Numbers(m * (n + Gap));
            float[] one = Product(kernels, layout, a, b, before, (m, n, k), 1), three = Product(kernels, layout, a, b, before, (m, n, k), 3);
            Assert.True(one.AsSpan().SequenceEqual(three), $"{layout}: threads change a bit.");
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n + Gap; j++)
                {
                    double sum = before[(i * (n + Gap)) + j];
                    for (int d = 0; d < k && j < n; d++)
                        sum += 0.5 * a[layout == MatMulLayout.TN ? (d * m) + i : (i * k) + d] * b[layout == MatMulLayout.NT ? (j * k) + d : (d * n) + j];
                    Assert.Equal(sum, one[(i * (n + Gap)) + j], 1e-4);
                }
            }
        }
    }

    private static float[] Product(
        CpuKernelSet kernels, MatMulLayout layout, float[] a, float[] b, float[] before, (int M, int N, int K) size, int threads)
    {
        Gemm gemm = kernels switch
        {
            CpuKernelSet.Avx512 => new BlockedGemm<MicroKernel12x2<Simd512>>(BlockFloats),
            CpuKernelSet.Avx2 => new BlockedGemm<MicroKernel6x2<Simd256>>(BlockFloats),
            _ => new BlockedGemm<MicroKernel6x2<Simd128>>(BlockFloats),
        };
        using CpuThreadPool pool = new(threads);
        using CpuScratch scratch = new(pool, ComputePriority.Interactive);
        (int m, int n, int k) = size;
        float[] left = [0, .. a], right = [0, .. b], c = [0, .. before]; // one float off whatever alignment they have
        fixed (float* pa = left, pb = right, pc = c)
        {
            MatrixView viewA = new((nint)(pa + 1), DType.Float32, layout == MatMulLayout.TN ? m : k, layout != MatMulLayout.TN);
            MatrixView viewB = new((nint)(pb + 1), DType.Float32, layout == MatMulLayout.NT ? k : n, layout == MatMulLayout.NT);
            gemm.Multiply(scratch, pc + 1, n + Gap, viewA, viewB, m, n, k, accumulate: true, 0.5f);
        }

        return c[1..];
    }

    private static float[] Numbers(int count)
    {
        Random random = new(count);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (2 * random.NextSingle()) - 1;
        return values;
    }
}
