namespace CodeTuner.Tensors;

/// <summary>
/// Which elements a dropout keeps: a hash of seed and index, so that any backend, thread or pass finds the same
/// (SplitMix64's finaliser, Steele et al. 2014).
/// </summary>
/// <param name="probability">The share to drop, in [0, 1).</param>
/// <param name="seed">Chooses the mask.</param>
public readonly struct DropoutMask(float probability, ulong seed)
{
    /// <summary>Chooses the mask.</summary>
    internal ulong Seed { get; } = seed;

    /// <summary>An element is dropped where the upper half of its hash is below this.</summary>
    internal uint Threshold { get; } = (uint)Math.Min(uint.MaxValue, probability * 4294967296.0);

    /// <summary>What a kept element is multiplied with.</summary>
    internal float Keep { get; } = 1 / (1 - probability);

    /// <summary>The seed after <paramref name="seed"/>: each mask of a step has its own.</summary>
    public static ulong Next(ulong seed) => Mix(seed + 0x9E3779B97F4A7C15);

    /// <summary>0 where element <paramref name="index"/> is dropped, else 1 / (1 − probability).</summary>
    public float Factor(long index)
    {
        ulong z = Mix(Seed + (((ulong)index + 1) * 0x9E3779B97F4A7C15));
        return (uint)(z >> 32) < Threshold ? 0 : Keep;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
