using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.Storage;

/// <summary>
/// GGUF's Q4_0: blocks of 32 numbers from 0 to 15 with a float16 scale d, each standing for d · (q − 8). The element farthest from
/// zero is −8 steps: d = x / −8, q = min(15, ⌊x / d + 8.5⌋). A byte holds an element of the block's first half in its low bits and
/// one of the second half in its high bits (the layout of ggml's <c>block_q4_0</c>).
/// </summary>
public static class Q4Format
{
    /// <summary>What is taken off each q.</summary>
    public const int Offset = 8;

    private const int HalfBlock = DTypes.Q4BlockSize / 2;

    /// <summary>Quantises; the length must be a multiple of 32. A block with a NaN gets a scale that is one.</summary>
    public static void Encode(ReadOnlySpan<float> values, Span<byte> into)
    {
        for (int i = 0; i < values.Length; i += DTypes.Q4BlockSize)
        {
            ReadOnlySpan<float> block = values.Slice(i, DTypes.Q4BlockSize);
            Span<byte> to = into.Slice(i / DTypes.Q4BlockSize * DTypes.Q4BlockBytes, DTypes.Q4BlockBytes);
            float scale = Farthest(block) / -Offset;
            float inverse = scale == 0 ? 0 : 1 / scale;
            Half stored = (Half)scale;
            MemoryMarshal.Write(to, in stored);
            for (int j = 0; j < HalfBlock; j++)
                to[2 + j] = (byte)(Step(block[j] * inverse) | (Step(block[HalfBlock + j] * inverse) << 4));
        }
    }

    /// <summary>Gives back d · (q − 8).</summary>
    public static void Decode(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (int i = 0; i < values.Length; i += DTypes.Q4BlockSize)
        {
            ReadOnlySpan<byte> block = bytes.Slice(i / DTypes.Q4BlockSize * DTypes.Q4BlockBytes, DTypes.Q4BlockBytes);
            float scale = (float)MemoryMarshal.Read<Half>(block);
            for (int j = 0; j < HalfBlock; j++)
            {
                values[i + j] = scale * ((block[2 + j] & 15) - Offset);
                values[i + HalfBlock + j] = scale * ((block[2 + j] >> 4) - Offset);
            }
        }
    }

    // With its sign; the first of several.
    private static float Farthest(ReadOnlySpan<float> block)
    {
        float farthest = 0, distance = 0;
        foreach (float value in block)
        {
            if (float.IsNaN(value))
                return value;
            if (MathF.Abs(value) > distance)
                (farthest, distance) = (value, MathF.Abs(value));
        }

        return farthest;
    }

    // What is not finite comes of a scale that float16 holds as zero, infinity or NaN: the step does not matter then.
    private static int Step(float steps) => float.IsFinite(steps) ? Math.Min(15, (int)(steps + 8.5f)) : 0;
}
