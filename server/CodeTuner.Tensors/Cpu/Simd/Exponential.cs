using System.Runtime.CompilerServices;

namespace CodeTuner.Tensors.Cpu.Simd;

/// <summary>e to the power of each lane, in float32 throughout: the runtime's own goes through float64, at half the lanes.</summary>
internal static class Exponential
{
    // Beyond these 2ⁿ is not a normal number; below, the result is 0.
    private const float Lowest = -88.02f, Highest = 88.02f;

    // ln 2 in two parts, the first of few enough bits that a whole number times it is exact.
    private const float Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

    // Added and taken away again, this rounds to a whole number.
    private const float Rounder = 12582912;

    /// <summary>e^x to about an ulp; 0 below −88 and not above e^88.02.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x)
        where T : struct, ISimd<T>
    {
        // e^x = 2ⁿ · e^r with |r| ≤ ln 2 / 2, and e^r by its Taylor series, whose next term is below half an ulp.
        x = T.Min(T.Broadcast(Highest), T.Max(T.Broadcast(Lowest), x));
        T whole = T.MultiplyAdd(x, T.Broadcast(1.442695041f), T.Broadcast(Rounder)) - T.Broadcast(Rounder);
        T r = T.MultiplyAdd(whole, T.Broadcast(-Ln2High), x);
        r = T.MultiplyAdd(whole, T.Broadcast(-Ln2Low), r);
        T y = T.MultiplyAdd(r, T.Broadcast(1f / 5040), T.Broadcast(1f / 720));
        y = T.MultiplyAdd(r, y, T.Broadcast(1f / 120));
        y = T.MultiplyAdd(r, y, T.Broadcast(1f / 24));
        y = T.MultiplyAdd(r, y, T.Broadcast(1f / 6));
        y = T.MultiplyAdd(r, y, T.Broadcast(0.5f));
        y = T.MultiplyAdd(r, y, T.Broadcast(1));
        y = T.MultiplyAdd(r, y, T.Broadcast(1));
        return y * T.TwoTo(whole);
    }
}
