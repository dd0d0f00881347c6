using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Cpu.Simd;

/// <summary>Eight float32 lanes. Only for a processor with AVX2.</summary>
internal readonly unsafe struct Simd256(Vector256<float> lanes) : ISimd<Simd256>
{
    private readonly Vector256<float> lanes = lanes;

    public static int Width => 8;

    public static Simd256 Zero => new(Vector256<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator +(Simd256 a, Simd256 b) => new(a.lanes + b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator -(Simd256 a, Simd256 b) => new(a.lanes - b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator *(Simd256 a, Simd256 b) => new(a.lanes * b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator /(Simd256 a, Simd256 b) => new(a.lanes / b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Load(float* from) => new(Vector256.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 LoadBFloat16(ushort* from) =>
        new((Avx2.ConvertToVector256Int32(Vector128.Load(from)) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 LoadFloat16(Half* from) => new(Float16Format.Widen(Avx2.ConvertToVector256Int32((short*)from)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Simd256 value, float* to) => value.lanes.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* at) => Sse.Prefetch0(at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 MultiplyAdd(Simd256 a, Simd256 b, Simd256 c) => new(Vector256.MultiplyAddEstimate(a.lanes, b.lanes, c.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 TwoTo(Simd256 whole) => new(((Vector256.ConvertToInt32Native(whole.lanes) + Vector256.Create(127)) << 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Sqrt(Simd256 value) => new(Vector256.Sqrt(value.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Max(Simd256 a, Simd256 b) => new(Vector256.MaxNative(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Min(Simd256 a, Simd256 b) => new(Vector256.MinNative(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Simd256 value) => LaneSums.Of(value.lanes.GetLower() + value.lanes.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(Simd256 a, Simd256 b, Simd256 c, Simd256 d, float* to) => LaneSums.OfFour(a.lanes, b.lanes, c.lanes, d.lanes).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(Simd256 value)
    {
        float max = value.lanes.GetElement(0);
        for (int i = 1; i < Width; i++)
            max = Math.Max(max, value.lanes.GetElement(i));
        return max;
    }
}
