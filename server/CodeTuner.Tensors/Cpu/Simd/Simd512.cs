using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Cpu.Simd;

/// <summary>Sixteen float32 lanes. Only for a processor with AVX-512F.</summary>
internal readonly unsafe struct Simd512(Vector512<float> lanes) : ISimd<Simd512>
{
    private readonly Vector512<float> lanes = lanes;

    public static int Width => 16;

    public static Simd512 Zero => new(Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator +(Simd512 a, Simd512 b) => new(a.lanes + b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator -(Simd512 a, Simd512 b) => new(a.lanes - b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator *(Simd512 a, Simd512 b) => new(a.lanes * b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator /(Simd512 a, Simd512 b) => new(a.lanes / b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Load(float* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 LoadBFloat16(ushort* from) =>
        new((Avx512F.ConvertToVector512Int32(Vector256.Load(from)) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 LoadFloat16(Half* from) => new(Float16Format.Widen(Avx512F.ConvertToVector512Int32(Vector256.Load((short*)from))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Simd512 value, float* to) => value.lanes.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* at) => Sse.Prefetch0(at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 MultiplyAdd(Simd512 a, Simd512 b, Simd512 c) => new(Vector512.MultiplyAddEstimate(a.lanes, b.lanes, c.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 TwoTo(Simd512 whole) => new(((Vector512.ConvertToInt32Native(whole.lanes) + Vector512.Create(127)) << 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Sqrt(Simd512 value) => new(Vector512.Sqrt(value.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Max(Simd512 a, Simd512 b) => new(Vector512.MaxNative(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Min(Simd512 a, Simd512 b) => new(Vector512.MinNative(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Simd512 value)
    {
        Vector256<float> half = Half(value);
        return LaneSums.Of(half.GetLower() + half.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(Simd512 a, Simd512 b, Simd512 c, Simd512 d, float* to) => LaneSums.OfFour(Half(a), Half(b), Half(c), Half(d)).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(Simd512 value)
    {
        float max = value.lanes.GetElement(0);
        for (int i = 1; i < Width; i++)
            max = Math.Max(max, value.lanes.GetElement(i));
        return max;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Half(Simd512 value) => value.lanes.GetLower() + value.lanes.GetUpper();
}
