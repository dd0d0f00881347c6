using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary>
/// AVX2: products of an unsigned and a signed byte, added in pairs that saturate at 16 bits. So the sign goes over to the
/// activations: 2 · 128 · 127 is just below that.
/// </summary>
internal readonly unsafe struct Avx2Products : IInt8Products<Avx2Products.Weights>
{
    public static bool KeepsOffset => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Weights Load(byte* from)
    {
        Vector256<sbyte> signed = (Vector256.Load(from) ^ Vector256.Create((byte)Q8Panels.Offset)).AsSByte();
        return new Weights { Signs = signed, Sizes = Avx2.Abs(signed) };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> sums, Weights weights, Vector256<sbyte> activations)
    {
        Vector256<short> pairs = Avx2.MultiplyAddAdjacent(weights.Sizes, Avx2.Sign(activations, weights.Signs));
        return sums + Avx2.MultiplyAddAdjacent(pairs, Vector256.Create((short)1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAddHalfBytes(Vector256<int> sums, Vector256<byte> weights, Vector256<sbyte> activations) =>
        sums + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(weights, activations), Vector256.Create((short)1));

    internal struct Weights
    {
        public Vector256<sbyte> Signs;
        public Vector256<byte> Sizes;
    }
}
