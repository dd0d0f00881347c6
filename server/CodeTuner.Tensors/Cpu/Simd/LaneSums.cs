using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CodeTuner.Tensors.Cpu.Simd;

/// <summary>
/// Sums of a register's lanes: halves are added until four lanes are left, then neighbours. Four registers together take little more
/// work than one, and each gets the sum that it gets alone.
/// </summary>
internal static class LaneSums
{
    /// <summary>(v0 + v1) + (v2 + v3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(Vector128<float> value)
    {
        Vector128<float> pairs = value + Vector128.Shuffle(value, Vector128.Create(1, 0, 3, 2));
        return pairs.ToScalar() + pairs.GetElement(2);
    }

    /// <summary>The sums of four registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> OfFour(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) =>
        Sse3.IsSupported
            ? Sse3.HorizontalAdd(Sse3.HorizontalAdd(a, b), Sse3.HorizontalAdd(c, d))
            : Vector128.Create(Of(a), Of(b), Of(c), Of(d));

    /// <summary>The sums of four registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> OfFour(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
    {
        if (!Avx.IsSupported)
            return OfFour(a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper(), c.GetLower() + c.GetUpper(), d.GetLower() + d.GetUpper());

        // Side by side in one register: four lanes of a and of b, and of c and of d.
        Vector256<float> ab = Avx.Permute2x128(a, b, 0x20) + Avx.Permute2x128(a, b, 0x31);
        Vector256<float> cd = Avx.Permute2x128(c, d, 0x20) + Avx.Permute2x128(c, d, 0x31);
        Vector256<float> pairs = Avx.HorizontalAdd(ab, cd); // a01 a23 c01 c23, b01 b23 d01 d23
        Vector128<float> ac = pairs.GetLower(), bd = pairs.GetUpper();
        Vector128<float> sums = Sse3.HorizontalAdd(ac, bd); // a c b d
        return Vector128.Shuffle(sums, Vector128.Create(0, 2, 1, 3));
    }
}
