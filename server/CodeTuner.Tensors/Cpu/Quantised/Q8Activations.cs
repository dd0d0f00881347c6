using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary>The left side of a product with a quantised matrix: rows of float32, rounded to int8 in blocks of 32 with a float32 scale each.</summary>
/// <param name="Memory">At least <see cref="Floats"/>.</param>
/// <param name="Rows">M.</param>
/// <param name="Columns">K, a multiple of 32.</param>
internal readonly unsafe record struct Q8Activations(nint Memory, int Rows, int Columns)
{
    // Below it a block counts as zeros: its inverse scale would overflow.
    private const float Smallest = 1e-35f;

    // Adding 1.5 · 2²³ leaves a small number rounded to an integer, ties to even, in the low bits.
    private const float Rounding = 12582912;

    /// <summary>Blocks of a row.</summary>
    public int Blocks => Columns / DTypes.Q8BlockSize;

    private sbyte* Values => (sbyte*)Memory;

    private float* Scales => (float*)(Values + ((long)Rows * Columns));

    /// <summary>(K): a row's elements.</summary>
    public sbyte* ValuesOf(int row) => Values + ((long)row * Columns);

    /// <summary>(blocks): the scales of a row; the next row's follow.</summary>
    public float* ScalesOf(int row) => Scales + ((long)row * Blocks);

    /// <summary>
    /// (blocks): what each block's sum of products starts from, less what an offset in the other side's numbers adds;
    /// the next row's follow.
    /// </summary>
    public int* CorrectionsOf(int row) => (int*)(Scales + ((long)Rows * Blocks)) + ((long)row * Blocks);

    /// <summary>The floats of memory that M rows of K take.</summary>
    public static long Floats(int rows, int columns) => (long)rows * ((columns / 4) + (2 * (columns / DTypes.Q8BlockSize)));

    /// <summary>Rounds a row.</summary>
    /// <param name="row">Which.</param>
    /// <param name="from">(K).</param>
    /// <param name="scale">Multiplied with the row.</param>
    /// <param name="offset">What is added to each number that it is multiplied with.</param>
    public void Quantise(int row, float* from, float scale, int offset)
    {
        sbyte* to = ValuesOf(row);
        float* scales = ScalesOf(row);
        int* corrections = CorrectionsOf(row);
        for (int block = 0; block < Blocks; block++, from += DTypes.Q8BlockSize, to += DTypes.Q8BlockSize)
        {
            scales[block] = scale * Block(from, to, out int sum);
            corrections[block] = -offset * sum;
        }
    }

    // A block with a number that is not finite gets such a scale, and so do the results that it is part of.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Block(float* from, sbyte* to, out int sum)
    {
        Vector256<float> a = Vector256.Load(from), b = Vector256.Load(from + 8), c = Vector256.Load(from + 16), d = Vector256.Load(from + 24);
        Vector256<float> largest = Vector256.Max(
            Vector256.Max(Vector256.Abs(a), Vector256.Abs(b)), Vector256.Max(Vector256.Abs(c), Vector256.Abs(d)));
        Vector128<float> half = Vector128.Max(largest.GetLower(), largest.GetUpper());
        float max = MathF.Max(MathF.Max(half[0], half[1]), MathF.Max(half[2], half[3]));
        if (max < Smallest)
        {
            Vector256<sbyte>.Zero.Store(to);
            sum = 0;
            return 0;
        }

        Vector256<float> inverse = Vector256.Create(127 / max);
        Vector256<int> ia = Round(a * inverse), ib = Round(b * inverse), ic = Round(c * inverse), id = Round(d * inverse);
        Vector256.Narrow(Vector256.Narrow(ia, ib), Vector256.Narrow(ic, id)).Store(to);
        sum = Vector256.Sum(ia + ib + (ic + id));
        return max / 127;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Round(Vector256<float> value) =>
        (value + Vector256.Create(Rounding)).AsInt32() - Vector256.Create(Rounding).AsInt32();
}
