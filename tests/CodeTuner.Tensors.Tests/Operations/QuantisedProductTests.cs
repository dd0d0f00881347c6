using System.Runtime.InteropServices;
using CodeTuner.Tensors.Reference;
using FsCheck;
using FsCheck.Fluent;

namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>
/// Products with quantised weights where A's elements are whole steps of their block's scale, so that rounding them to int8 loses nothing:
/// then every backend must give the reference's results.
/// </summary>
public class QuantisedProductTests
{
    // More blocks than are worked on at a time (40), and a length of a panel that is no whole cache line.
    private static readonly int[] Depths = [32, 64, 96, 1280, 1312, 2656];

    private static readonly Shape SmallWeights = new(17, 64);

    public static TheoryData<string, DType> Backends
    {
        get
        {
            TheoryData<string, DType> data = [];
            foreach (string backend in BackendsUnderTest.Compared)
            {
                foreach (DType type in Enum.GetValues<DType>().Where(t => t.IsQuantised()))
                    data.Add(backend, type);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void AgreesWithTheReference(string backend, DType type)
    {
        using Backend tested = BackendsUnderTest.Create(backend);
        foreach (int depth in Depths)
        {
            foreach ((int m, int n) in ((int, int)[])[(1, 1), (1, 7), (1, 33), (2, 8), (3, 9), (4, 16), (5, 17), (7, 24), (9, 31), (131, 15)])
                Check(tested, type, m, n, Grid(m, depth), Weights(type, n, depth), accumulate: (m + n) % 2 == 0, scale: n == 33 ? -0.5f : 1);
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void AgreesAtAnySize(string backend, DType type)
    {
        using Backend tested = BackendsUnderTest.Create(backend);
        Prop.ForAll(Gen.Choose(1, 40).ArrayOf(2).ToArbitrary(), Gen.Choose(1, 6).ToArbitrary(), (size, blocks) =>
            Check(tested, type, size[0], size[1], Grid(size[0], blocks * 32), Weights(type, size[1], blocks * 32), accumulate: false, scale: 1))
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void TheLargestBytesDoNotOverflow(string backend, DType type)
    {
        using Backend tested = BackendsUnderTest.Create(backend);

        // The least, the next, and the largest that a byte holds of either type.
        foreach (byte weight in type == DType.Q8_0 ? (byte[])[0x80, 0x81, 0x7F] : [0x00, 0x11, 0xFF])
        {
            foreach (float x in (float[])[-127, 127])
            {
                byte[] weights = Weights(type, 17, 96);
                for (int i = 0; i < weights.Length; i++)
                {
                    if (i % type.BlockBytes() >= 2)
                        weights[i] = weight;
                }

                float[] a = new float[5 * 96];
                Array.Fill(a, x);
                Check(tested, type, 5, 17, a, weights, accumulate: false, scale: 1);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void ScalesOfAnySizeCount(string backend, DType type)
    {
        using Backend tested = BackendsUnderTest.Create(backend);

        // Zero, the smallest subnormal, the largest subnormal, the smallest normal number, the largest, and a negative one.
        foreach (ushort bits in (ushort[])[0, 1, 0x3FF, 0x400, 0x7BFF, 0xB555])
        {
            byte[] weights = Weights(type, 17, 96);
            for (int i = 0; i < weights.Length; i += type.BlockBytes())
                MemoryMarshal.Write(weights.AsSpan(i), bits);
            foreach (float size in (float[])[1e-30f, 1, 1e20f])
                Check(tested, type, 5, 17, [.. Grid(5, 96).Select(x => x * size)], weights, accumulate: false, scale: 1);
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void ZerosGiveZeros(string backend, DType type)
    {
        using Backend tested = BackendsUnderTest.Create(backend);
        float[] a = Grid(6, 64);
        a.AsSpan(64, 96).Clear(); // a row, and half of the next
        Check(tested, type, 6, 17, a, Weights(type, 17, 64), accumulate: false, scale: 1);
        Assert.All(Product(tested, type, 6, 17, a, Weights(type, 17, 64))[17..34], value => Assert.Equal(0, value));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void WhatIsNotFiniteStaysInItsRow(string backend, DType type)
    {
        using Backend tested = BackendsUnderTest.Create(backend);
        float[] clean = Grid(6, 64), expected = Product(tested, type, 6, 17, clean, Weights(type, 17, 64));
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            float[] a = [.. clean];
            a[(4 * 64) + 40] = bad;
            float[] product = Product(tested, type, 6, 17, a, Weights(type, 17, 64));
            Assert.All(product[68..85], value => Assert.False(float.IsFinite(value)));
            Assert.Equal(expected[..68], product[..68]);
            Assert.Equal(expected[85..], product[85..]);
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void ARowDoesNotDependOnTheOthers(string backend, DType type)
    {
        using Backend tested = BackendsUnderTest.Create(backend);
        float[] a = Random(11, 1312), all = Product(tested, type, 11, 37, a, Weights(type, 37, 1312));
        for (int row = 0; row < 11; row++)
        {
            float[] alone = Product(tested, type, 1, 37, a[(row * 1312)..((row + 1) * 1312)], Weights(type, 37, 1312));
            Assert.Equal(alone, all[(row * 37)..((row + 1) * 37)]);
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void RowsKeepTheirBytes(string backend, DType type)
    {
        using Backend tested = BackendsUnderTest.Create(backend);
        byte[] small = Weights(type, SmallWeights.Rows, 64), large = Weights(type, 29, 64);
        Tensor rows = tested.Allocate(SmallWeights, type), into = tested.Allocate(new Shape(29, 64), type);
        tested.WriteBytes(rows, small);
        tested.WriteBytes(into, large);
        tested.CopyRows(into, 3, rows);
        byte[] read = new byte[large.Length];
        tested.ReadBytes(into, read);
        small.CopyTo(large.AsSpan(3 * (int)type.RowBytes(64)));
        Assert.Equal(large, read);
    }

    private static bool Check(Backend tested, DType type, int m, int n, float[] a, byte[] weights, bool accumulate, float scale)
    {
        using ReferenceBackend reference = new();
        float[] expected = Product(reference, type, m, n, a, weights, accumulate, scale), actual = Product(tested, type, m, n, a, weights, accumulate, scale);

        // Only blocks are added in float32: what that leaves is measured by how large they are.
        double typical = Math.Sqrt(expected.Average(x => (double)x * x));
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 4e-6 * Math.Max(Math.Abs(expected[i]), typical), $"({m}, {n}, {a.Length / m}), element {i}: {actual[i]:G9}, not {expected[i]:G9}.");
        return true;
    }

    private static float[] Product(Backend backend, DType type, int m, int n, float[] a, byte[] weights, bool accumulate = false, float scale = 1)
    {
        int k = a.Length / m;
        Tensor x = backend.Allocate(new Shape(m, k)), w = backend.Allocate(new Shape(n, k), type), to = backend.Allocate(new Shape(m, n));
        backend.Write(x, a);
        backend.WriteBytes(w, weights);
        backend.Fill(to, accumulate ? 3 : float.NaN);
        backend.MatMul(to, x, w, MatMulLayout.NT, accumulate, scale);
        float[] result = new float[m * n];
        backend.Read(to, result);
        foreach (Tensor tensor in (Tensor[])[x, w, to])
            backend.Release(tensor);
        return result;
    }

    // Integers whose largest in each block is 127, times a power of two of each block's own.
    private static float[] Grid(int rows, int columns)
    {
        Random random = new(rows + columns);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.Length; i += 32)
        {
            float step = MathF.Pow(2, random.Next(-4, 5));
            for (int j = 0; j < 32; j++)
                values[i + j] = step * random.Next(-127, 128);
            values[i + random.Next(32)] = step * (random.Next(2) == 0 ? 127 : -127);
        }

        return values;
    }

    private static float[] Random(int rows, int columns)
    {
        Random random = new(rows + columns);
        return [.. Enumerable.Range(0, rows * columns).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    private static byte[] Weights(DType type, int rows, int columns)
    {
        Random random = new(rows * columns);
        byte[] bytes = new byte[type.RowBytes(columns) * rows];
        random.NextBytes(bytes);
        for (int i = 0; i < bytes.Length; i += type.BlockBytes())
            MemoryMarshal.Write(bytes.AsSpan(i), (Half)(0.01 + (0.1 * random.NextDouble())));
        return bytes;
    }
}
