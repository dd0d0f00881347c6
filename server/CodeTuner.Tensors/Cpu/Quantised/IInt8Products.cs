using System.Runtime.Intrinsics;

namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary>Products of eight-bit numbers with one instruction set.</summary>
/// <typeparam name="TWeights">Four elements of each of eight rows, as the products want them.</typeparam>
internal unsafe interface IInt8Products<TWeights>
    where TWeights : struct
{
    /// <summary>Whether products are of the stored bytes, with <see cref="Q8Panels.Offset"/> in them, rather than of what they stand for.</summary>
    static abstract bool KeepsOffset { get; }

    /// <summary>Reads 32 bytes of a panel.</summary>
    static abstract TWeights Load(byte* from);

    /// <summary>Adds to each of eight sums the products of a row's four elements and four activations.</summary>
    /// <param name="sums">One for each row.</param>
    /// <param name="weights">Four elements of each row.</param>
    /// <param name="activations">The same four in each 32-bit lane, within ±127.</param>
    static abstract Vector256<int> MultiplyAdd(Vector256<int> sums, TWeights weights, Vector256<sbyte> activations);

    /// <summary>The same with half bytes, which need no sign.</summary>
    /// <param name="sums">One for each row.</param>
    /// <param name="weights">Four numbers up to 15 of each row.</param>
    /// <param name="activations">The same four in each 32-bit lane, within ±127.</param>
    static abstract Vector256<int> MultiplyAddHalfBytes(Vector256<int> sums, Vector256<byte> weights, Vector256<sbyte> activations);
}
