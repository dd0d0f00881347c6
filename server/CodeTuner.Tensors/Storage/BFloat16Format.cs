namespace CodeTuner.Tensors.Storage;

/// <summary>bfloat16: the upper half of a float32, rounded to nearest, ties to even.</summary>
public static class BFloat16Format
{
    /// <summary>Rounds each value; a NaN stays one.</summary>
    public static void Encode(ReadOnlySpan<float> values, Span<ushort> into)
    {
        for (int i = 0; i < values.Length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(values[i]);
            into[i] = (bits & 0x7FFFFFFF) > 0x7F800000
                ? (ushort)((bits >> 16) | 64) // quiet, as rounding could turn its payload into infinity
                : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }

    /// <summary>Widens each value, which is exact.</summary>
    public static void Decode(ReadOnlySpan<ushort> from, Span<float> values)
    {
        for (int i = 0; i < from.Length; i++)
            values[i] = BitConverter.UInt32BitsToSingle((uint)from[i] << 16);
    }
}
