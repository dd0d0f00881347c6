using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary>Any processor: Arm's dot product where it has one, otherwise products of 32-bit lanes.</summary>
internal readonly unsafe struct PortableProducts : IInt8Products<Vector256<sbyte>>
{
    public static bool KeepsOffset => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Load(byte* from) => (Vector256.Load(from) ^ Vector256.Create((byte)Q8Panels.Offset)).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> sums, Vector256<sbyte> weights, Vector256<sbyte> activations)
    {
        if (Dp.IsSupported)
        {
            return Vector256.Create(
                Dp.DotProduct(sums.GetLower(), weights.GetLower(), activations.GetLower()),
                Dp.DotProduct(sums.GetUpper(), weights.GetUpper(), activations.GetUpper()));
        }

        Vector256<int> w = weights.AsInt32(), x = activations.AsInt32();
        Vector256<int> first = ((w << 24) >> 24) * ((x << 24) >> 24), second = ((w << 16) >> 24) * ((x << 16) >> 24);
        Vector256<int> third = ((w << 8) >> 24) * ((x << 8) >> 24), fourth = (w >> 24) * (x >> 24);
        return sums + (first + second) + (third + fourth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAddHalfBytes(Vector256<int> sums, Vector256<byte> weights, Vector256<sbyte> activations) =>
        MultiplyAdd(sums, weights.AsSByte(), activations);
}
