using CodeTuner.Tensors.Cpu;

namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>
/// <see cref="Backend.IndependentRows"/>: each of a few rows gets, bit for bit, what it gets alone, with every kernel, storage type and
/// number of threads.
/// </summary>
public sealed class IndependentRowsTests
{
    // Of those that a backend promises: whole blocks of the kernels, and what is left of one.
    private static readonly int[] Counts = [2, 3, 4, 7, 8, 13, 16];

    private static readonly DType[] Stored = [DType.Float32, DType.Float16, DType.BFloat16, DType.Q8_0, DType.Q4_0];

    public static TheoryData<CpuKernelSet, int> Backends
    {
        get
        {
            TheoryData<CpuKernelSet, int> data = [];
            foreach (CpuKernelSet kernels in Enum.GetValues<CpuKernelSet>().Where(CpuBackendOptions.IsSupported))
            {
                foreach (int threads in new[] { 1, 2, 3 })
                    data.Add(kernels, threads);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void OfProducts(CpuKernelSet kernels, int threads)
    {
        using CpuBackend backend = new(new CpuBackendOptions { Kernels = kernels, Threads = threads });
        Random random = new(1);
        foreach (DType type in Stored)
        {
            // Columns and depths that fill no block, a depth of several blocks, and enough columns for several tiles.
            foreach ((int n, int k) in new[] { (1, 32), (7, 33), (61, 67), (130, 256), (19, 1344), (1500, 96) })
            {
                int depth = type.IsQuantised() ? (k + 31) / 32 * 32 : k;
                Tensor weight = Filled(backend, random, n, depth, type);
                bool accumulate = n == 61;
                Check(backend, random, depth, n, (into, x) => backend.MatMul(into, x, weight, MatMulLayout.NT, accumulate, 0.7f), $"{type} {n} by {depth}");
                backend.Release(weight);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void OfRowwiseOperations(CpuKernelSet kernels, int threads)
    {
        using CpuBackend backend = new(new CpuBackendOptions { Kernels = kernels, Threads = threads });
        Random random = new(2);
        foreach (int columns in new[] { 24, 100, 704, 4864 })
        {
            Tensor weight = backend.Allocate(new Shape(columns)), table = Filled(backend, random, 40, 4);
            backend.Write(weight, Values(random, columns));
            Check(backend, random, columns, columns, (into, x) => backend.RmsNorm(into, backend.Allocate(new Shape(x.Shape.Rows)), x, weight, 1e-5f), "RMS norm");
            Check(backend, random, columns, columns, (into, x) => backend.GatedActivation(into, x, x, Activation.Silu), "SiLU");
            Check(backend, random, columns, columns, (into, x) => backend.GatedActivation(into, x, x, Activation.GeluTanh), "GELU");
            Check(backend, random, columns, columns, (into, x) => backend.Add(into, x, x), "sum");
            Check(backend, random, columns, columns, (into, x) => backend.AddBias(into, x, weight), "bias");
            Check(backend, random, columns, columns, (into, x) => backend.Rotary(into, x, Positions(x), table, 4), "rotary");

            // A row's position is known by its first element, which is the same alone and among others.
            Tensor Positions(Tensor x)
            {
                float[] values = new float[x.Shape.Count];
                backend.Read(x, values);
                Tensor positions = backend.Allocate(new Shape(x.Shape.Rows), DType.Int32);
                backend.Write(positions, [.. Enumerable.Range(0, x.Shape.Rows).Select(r => (int)((values[r * columns] + 2) * 9))]);
                return positions;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void OfAttentionOverACache(CpuKernelSet kernels, int threads)
    {
        using CpuBackend backend = new(new CpuBackendOptions { Kernels = kernels, Threads = threads });
        Random random = new(3);
        foreach ((int heads, int keyHeads, int size) in new[] { (4, 2, 64), (3, 3, 20), (6, 1, 40), (14, 2, 64) })
        {
            foreach (int before in new[] { 0, 63, 200 })
            {
                int rows = backend.IndependentRows, columns = heads * size;
                Tensor keys = Filled(backend, random, before + rows, keyHeads * size), values = Filled(backend, random, before + rows, keyHeads * size);
                float[] queries = Values(random, rows * columns);
                float[][] alone = [.. Enumerable.Range(0, rows).Select(row => Attend(row, 1))];
                foreach (int count in Counts)
                {
                    float[] together = Attend(0, count);
                    for (int row = 0; row < count; row++)
                        AssertSame(alone[row], together.AsSpan(row * columns, columns), $"row {row} of {count}, {before} keys before");
                }

                float[] Attend(int first, int count)
                {
                    Tensor q = Made(backend, count, columns, queries.AsSpan(first * columns, count * columns)), into = backend.Allocate(new Shape(count, columns));
                    Tensor logSumExp = backend.Allocate(new Shape(count, heads));

                    // As a cache gives them: with room for more behind those that count.
                    backend.Attention(into, logSumExp, q, keys, values, null, new AttentionShape(1, count, before + first + count, heads, keyHeads, size, 0.2f));
                    float[] result = new float[count * columns];
                    backend.Read(into, result);
                    return result;
                }
            }
        }
    }

    private static void Check(CpuBackend backend, Random random, int columns, int results, Action<Tensor, Tensor> run, string what)
    {
        int most = backend.IndependentRows;
        Assert.Equal(Counts[^1], most);
        float[] x = Values(random, most * columns), before = Values(random, most * results);
        float[][] alone = [.. Enumerable.Range(0, most).Select(row => Run(row, 1))];
        foreach (int count in Counts)
        {
            float[] together = Run(0, count);
            for (int row = 0; row < count; row++)
                AssertSame(alone[row], together.AsSpan(row * results, results), $"{what}, row {row} of {count}");
        }

        float[] Run(int first, int count)
        {
            Tensor from = Made(backend, count, columns, x.AsSpan(first * columns, count * columns));
            Tensor into = Made(backend, count, results, before.AsSpan(first * results, count * results));
            run(into, from);
            float[] result = new float[count * results];
            backend.Read(into, result);
            backend.Release(from);
            backend.Release(into);
            return result;
        }
    }

    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> found, string what)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.True(BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(found[i]), $"{what}: element {i} is {found[i]:R} instead of {expected[i]:R}");
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];

    private static Tensor Filled(CpuBackend backend, Random random, int rows, int columns, DType type = DType.Float32)
    {
        Tensor tensor = backend.Allocate(new Shape(rows, columns), type);
        backend.Write(tensor, Values(random, rows * columns));
        return tensor;
    }

    private static Tensor Made(CpuBackend backend, int rows, int columns, ReadOnlySpan<float> values)
    {
        Tensor tensor = backend.Allocate(new Shape(rows, columns));
        backend.Write(tensor, values);
        return tensor;
    }
}
