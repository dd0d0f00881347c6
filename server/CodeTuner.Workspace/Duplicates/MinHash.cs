using System.Numerics;
using System.Runtime.InteropServices;

namespace CodeTuner.Workspace.Duplicates;

/// <summary>
/// MinHash (Broder, "On the resemblance and containment of documents", 1997): two sets agree in each place of their signatures
/// with a probability near to their Jaccard index.
/// </summary>
internal static class MinHash
{
    /// <summary>The number of hash functions.</summary>
    public const int Functions = 128;

    // Multiplication by an odd number and addition permute the 32-bit integers.
    private static readonly uint[] Factors = [.. Enumerable.Range(1, Functions).Select(i => (uint)TokenShingles.Mix((ulong)i) | 1)];
    private static readonly uint[] Terms = [.. Enumerable.Range(1, Functions).Select(i => (uint)TokenShingles.Mix((ulong)i << 32))];

    /// <summary>The signature of a set, or an empty array for the empty set.</summary>
    public static uint[] Signature(ReadOnlySpan<uint> set)
    {
        if (set.IsEmpty) return [];
        var minima = new uint[Functions];
        Array.Fill(minima, uint.MaxValue);
        Span<Vector<uint>> least = MemoryMarshal.Cast<uint, Vector<uint>>(minima.AsSpan());
        ReadOnlySpan<Vector<uint>> factors = MemoryMarshal.Cast<uint, Vector<uint>>(Factors);
        ReadOnlySpan<Vector<uint>> terms = MemoryMarshal.Cast<uint, Vector<uint>>(Terms);
        foreach (uint member in set)
        {
            var x = new Vector<uint>(member);
            for (int i = 0; i < least.Length; i++) least[i] = Vector.Min(least[i], (x * factors[i]) + terms[i]);
        }

        return minima;
    }

    /// <summary>The Jaccard index that two signatures let expect; its standard error is at most 0.045.</summary>
    public static double Estimate(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        int equal = 0;
        for (int i = 0; i < Functions; i++) equal += a[i] == b[i] ? 1 : 0;
        return (double)equal / Functions;
    }
}
