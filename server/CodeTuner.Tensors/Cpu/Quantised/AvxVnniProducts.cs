using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary>AVX-VNNI: four products of an unsigned and a signed byte added to a 32-bit lane in one instruction.</summary>
internal readonly unsafe struct AvxVnniProducts : IInt8Products<Vector256<byte>>
{
    public static bool KeepsOffset => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> sums, Vector256<byte> weights, Vector256<sbyte> activations) =>
        AvxVnni.MultiplyWideningAndAdd(sums, weights, activations);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAddHalfBytes(Vector256<int> sums, Vector256<byte> weights, Vector256<sbyte> activations) =>
        AvxVnni.MultiplyWideningAndAdd(sums, weights, activations);
}
