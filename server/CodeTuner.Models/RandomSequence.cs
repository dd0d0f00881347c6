namespace CodeTuner.Models;

/// <summary>
/// xoshiro256** (Blackman and Vigna 2021), seeded by SplitMix64: the same numbers on every platform and version,
/// which <see cref="Random"/> does not promise.
/// </summary>
public sealed class RandomSequence
{
    private ulong s0, s1, s2, s3;

    /// <summary>The sequence of <paramref name="seed"/>.</summary>
    public RandomSequence(ulong seed)
    {
        ulong Next()
        {
            ulong z = seed += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }

        (s0, s1, s2, s3) = (Next(), Next(), Next(), Next());
    }

    /// <summary>A seed made of two: each part of a run draws its own numbers.</summary>
    public static ulong Combine(ulong seed, ulong part) => new RandomSequence(seed ^ (part * 0xD1342543DE82EF95)).NextBits();

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        ulong result = ulong.RotateLeft(s1 * 5, 7) * 9, t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = ulong.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A number in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number in 0 … limit − 1.</summary>
    public int NextInt(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return (int)(((UInt128)NextBits() * (ulong)limit) >> 64);
    }

    /// <summary>Puts the items into a random order.</summary>
    public void Shuffle<T>(IList<T> items)
    {
        for (int i = items.Count - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
