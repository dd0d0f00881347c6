using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CodeTuner.Tensors.Storage;

/// <summary>IEEE 754 half precision, rounded to nearest, ties to even.</summary>
public static unsafe class Float16Format
{
    // With its bits in float32's places a half is 2⁻¹¹² times too small, subnormal or not; the multiplication puts that right.
    // What came out as 65536 or more had the exponent of an infinity or of no number, and gets float32's.
    private const int Places = 13, Kept = unchecked((int)0x8FFFE000);
    private const float Raise = 5.192296858534828e33f, Beyond = 65536;
    private const uint Exponent = 0x7F800000;

    /// <summary>Rounds each value.</summary>
    public static void Encode(ReadOnlySpan<float> values, Span<Half> into)
    {
        for (int i = 0; i < values.Length; i++)
            into[i] = (Half)values[i];
    }

    /// <summary>Widens each value, which is exact.</summary>
    public static void Decode(ReadOnlySpan<Half> from, Span<float> values)
    {
        fixed (Half* start = from)
        {
            fixed (float* into = values)
                Decode((ushort*)start, into, from.Length);
        }
    }

    /// <summary>Widens one value.</summary>
    internal static float Decode(ushort value) => (float)BitConverter.UInt16BitsToHalf(value);

    /// <summary>Widens each value. .NET has no instruction for it, so the bits are moved a register at a time.</summary>
    internal static void Decode(ushort* from, float* into, int count)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 16 <= count; i += 16)
                Widen(Vector512.WidenLower(Vector256.Load((short*)from + i).ToVector512Unsafe())).Store(into + i);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 8 <= count; i += 8)
                Widen(Vector256.WidenLower(Vector128.Load((short*)from + i).ToVector256Unsafe())).Store(into + i);
        }

        for (; i + 4 <= count; i += 4)
            Widen(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)(from + i)).AsInt16())).Store(into + i);
        for (; i < count; i++)
            into[i] = Decode(from[i]);
    }

    /// <summary>Widens sixteen values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Widen16(ushort* from, out Vector256<float> first, out Vector256<float> second)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> all = Widen(Vector512.WidenLower(Vector256.Load((short*)from).ToVector512Unsafe()));
            (first, second) = (all.GetLower(), all.GetUpper());
            return;
        }

        (Vector256<int> low, Vector256<int> high) = Vector256.Widen(Vector256.Load((short*)from));
        (first, second) = (Widen(low), Widen(high));
    }

    /// <summary>Widens the low 16 bits of each lane; the upper ones repeat the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Widen(Vector512<int> bits)
    {
        Vector512<float> value = ((bits << Places) & Vector512.Create(Kept)).AsSingle() * Vector512.Create(Raise);
        Vector512<float> special = Vector512.GreaterThanOrEqual(Vector512.Abs(value), Vector512.Create(Beyond)) & Vector512.Create(Exponent).AsSingle();
        return value | special;
    }

    /// <summary>Widens the low 16 bits of each lane; the upper ones repeat the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Widen(Vector256<int> bits)
    {
        Vector256<float> value = ((bits << Places) & Vector256.Create(Kept)).AsSingle() * Vector256.Create(Raise);
        Vector256<float> special = Vector256.GreaterThanOrEqual(Vector256.Abs(value), Vector256.Create(Beyond)) & Vector256.Create(Exponent).AsSingle();
        return value | special;
    }

    /// <summary>Widens the low 16 bits of each lane; the upper ones repeat the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Widen(Vector128<int> bits)
    {
        Vector128<float> value = ((bits << Places) & Vector128.Create(Kept)).AsSingle() * Vector128.Create(Raise);
        Vector128<float> special = Vector128.GreaterThanOrEqual(Vector128.Abs(value), Vector128.Create(Beyond)) & Vector128.Create(Exponent).AsSingle();
        return value | special;
    }
}
