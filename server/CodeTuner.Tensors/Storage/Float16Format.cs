namespace CodeTuner.Tensors.Storage;

/// <summary>IEEE 754 half precision, rounded to nearest, ties to even.</summary>
public static class Float16Format
{
    /// <summary>Rounds each value.</summary>
    public static void Encode(ReadOnlySpan<float> values, Span<Half> into)
    {
        for (int i = 0; i < values.Length; i++)
            into[i] = (Half)values[i];
    }

    /// <summary>Widens each value, which is exact.</summary>
    public static void Decode(ReadOnlySpan<Half> from, Span<float> values)
    {
        for (int i = 0; i < from.Length; i++)
            values[i] = (float)from[i];
    }
}
