using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CodeTuner.Tensors.Storage;

/// <summary>IEEE 754 half precision, rounded to nearest, ties to even.</summary>
public static unsafe class Float16Format
{
    private const uint SignBit = 0x8000, OtherBits = 0x7FFF;

    // With its bits in float32's places: the least normal half, the least that is no number; float32's exponent of both.
    private const uint Normal = 1 << 23, Infinite = 31 << 23, Exponent = 0x7F800000;

    // From a half's exponent to a float's; and 2⁻¹⁴, whose difference from a subnormal's bits under its exponent is the number
    // itself, so that no subnormal float32 (slow on some processors) comes up on the way.
    private const uint Rebias = (127 - 15) << 23, SmallestNormal = (127 - 14) << 23;

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
                Widen(Vector512.WidenLower(Vector256.Load(from + i).ToVector512Unsafe())).Store(into + i);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 8 <= count; i += 8)
                Widen(Vector256.WidenLower(Vector128.Load(from + i).ToVector256Unsafe())).Store(into + i);
        }

        for (; i + 4 <= count; i += 4)
            Widen(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)(from + i)).AsUInt16())).Store(into + i);
        for (; i < count; i++)
            into[i] = Decode(from[i]);
    }

    /// <summary>Widens eight values and eight more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Decode(ushort* first, ushort* second, float* into)
    {
        Vector128<ushort> a = Vector128.Load(first), b = Vector128.Load(second);
        if (Vector512.IsHardwareAccelerated)
        {
            Widen(Vector512.WidenLower(Vector256.Create(a, b).ToVector512Unsafe())).Store(into);
            return;
        }

        Widen(Vector256.Create(Vector128.WidenLower(a), Vector128.WidenUpper(a))).Store(into);
        Widen(Vector256.Create(Vector128.WidenLower(b), Vector128.WidenUpper(b))).Store(into + 8);
    }

    /// <summary>Widens the low 16 bits of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Widen(Vector512<uint> bits)
    {
        Vector512<uint> sign = (bits & Vector512.Create(SignBit)) << 16, rest = (bits & Vector512.Create(OtherBits)) << 13;
        Vector512<uint> normal = rest + Vector512.Create(Rebias);
        Vector512<uint> subnormal = ((rest + Vector512.Create(SmallestNormal)).AsSingle() - Vector512.Create(SmallestNormal).AsSingle()).AsUInt32();
        Vector512<uint> special = Vector512.GreaterThanOrEqual(rest, Vector512.Create(Infinite)) & Vector512.Create(Exponent);
        return (Vector512.ConditionalSelect(Vector512.LessThan(rest, Vector512.Create(Normal)), subnormal, normal) | special | sign).AsSingle();
    }

    /// <summary>Widens the low 16 bits of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Widen(Vector256<uint> bits)
    {
        Vector256<uint> sign = (bits & Vector256.Create(SignBit)) << 16, rest = (bits & Vector256.Create(OtherBits)) << 13;
        Vector256<uint> normal = rest + Vector256.Create(Rebias);
        Vector256<uint> subnormal = ((rest + Vector256.Create(SmallestNormal)).AsSingle() - Vector256.Create(SmallestNormal).AsSingle()).AsUInt32();
        Vector256<uint> special = Vector256.GreaterThan(rest.AsInt32(), Vector256.Create((int)Infinite - 1)).AsUInt32() & Vector256.Create(Exponent);
        return (Vector256.ConditionalSelect(Vector256.LessThan(rest.AsInt32(), Vector256.Create((int)Normal)).AsUInt32(), subnormal, normal) | special | sign).AsSingle();
    }

    /// <summary>Widens the low 16 bits of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Widen(Vector128<uint> bits)
    {
        Vector128<uint> sign = (bits & Vector128.Create(SignBit)) << 16, rest = (bits & Vector128.Create(OtherBits)) << 13;
        Vector128<uint> normal = rest + Vector128.Create(Rebias);
        Vector128<uint> subnormal = ((rest + Vector128.Create(SmallestNormal)).AsSingle() - Vector128.Create(SmallestNormal).AsSingle()).AsUInt32();
        Vector128<uint> special = Vector128.GreaterThan(rest.AsInt32(), Vector128.Create((int)Infinite - 1)).AsUInt32() & Vector128.Create(Exponent);
        return (Vector128.ConditionalSelect(Vector128.LessThan(rest.AsInt32(), Vector128.Create((int)Normal)).AsUInt32(), subnormal, normal) | special | sign).AsSingle();
    }
}
