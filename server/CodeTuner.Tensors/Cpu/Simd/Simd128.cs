using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Cpu.Simd;

/// <summary>Four float32 lanes.</summary>
internal readonly unsafe struct Simd128(Vector128<float> lanes) : ISimd<Simd128>
{
    private readonly Vector128<float> lanes = lanes;

    public static int Width => 4;

    public static Simd128 Zero => new(Vector128<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator +(Simd128 a, Simd128 b) => new(a.lanes + b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator -(Simd128 a, Simd128 b) => new(a.lanes - b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator *(Simd128 a, Simd128 b) => new(a.lanes * b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator /(Simd128 a, Simd128 b) => new(a.lanes / b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Load(float* from) => new(Vector128.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 LoadBFloat16(ushort* from) =>
        new(Vector128.ShiftLeft(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)from).AsUInt16()), 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 LoadFloat16(Half* from) => new(Float16Format.Widen(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)from).AsInt16())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Simd128 value, float* to) => value.lanes.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* at)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 MultiplyAdd(Simd128 a, Simd128 b, Simd128 c) => new(Vector128.MultiplyAddEstimate(a.lanes, b.lanes, c.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 TwoTo(Simd128 whole) => new(((Vector128.ConvertToInt32Native(whole.lanes) + Vector128.Create(127)) << 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Sqrt(Simd128 value) => new(Vector128.Sqrt(value.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Max(Simd128 a, Simd128 b) => new(Vector128.MaxNative(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Min(Simd128 a, Simd128 b) => new(Vector128.MinNative(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Simd128 value) => LaneSums.Of(value.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(Simd128 a, Simd128 b, Simd128 c, Simd128 d, float* to) => LaneSums.OfFour(a.lanes, b.lanes, c.lanes, d.lanes).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(Simd128 value)
    {
        float max = value.lanes.GetElement(0);
        for (int i = 1; i < Width; i++)
            max = Math.Max(max, value.lanes.GetElement(i));
        return max;
    }
}
