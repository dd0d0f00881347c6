using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.Storage;

/// <summary>
/// GGUF's Q8_0: blocks of 32 int8 with a float16 scale d = max|x| / 127, q = round(x / d), halves away from zero
/// (the layout of ggml's <c>block_q8_0</c>).
/// </summary>
public static class Q8Format
{
    /// <summary>Quantises; the length must be a multiple of 32.</summary>
    public static void Encode(ReadOnlySpan<float> values, Span<byte> into)
    {
        for (int i = 0; i < values.Length; i += DTypes.Q8BlockSize)
        {
            ReadOnlySpan<float> block = values.Slice(i, DTypes.Q8BlockSize);
            Span<byte> to = into.Slice(i / DTypes.Q8BlockSize * DTypes.Q8BlockBytes, DTypes.Q8BlockBytes);
            float largest = 0;
            foreach (float value in block)
                largest = MathF.Max(largest, MathF.Abs(value));
            float scale = largest / 127;
            float inverse = scale == 0 ? 0 : 1 / scale;
            Half stored = (Half)scale;
            MemoryMarshal.Write(to, in stored);
            for (int j = 0; j < block.Length; j++)
                to[2 + j] = (byte)(sbyte)MathF.Round(block[j] * inverse, MidpointRounding.AwayFromZero);
        }
    }

    /// <summary>Gives back q · d.</summary>
    public static void Decode(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (int i = 0; i < values.Length; i += DTypes.Q8BlockSize)
        {
            ReadOnlySpan<byte> block = bytes.Slice(i / DTypes.Q8BlockSize * DTypes.Q8BlockBytes, DTypes.Q8BlockBytes);
            float scale = (float)MemoryMarshal.Read<Half>(block);
            for (int j = 0; j < DTypes.Q8BlockSize; j++)
                values[i + j] = scale * (sbyte)block[2 + j];
        }
    }
}
