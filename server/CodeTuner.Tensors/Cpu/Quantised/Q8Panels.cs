using System.Runtime.Intrinsics;

namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary>
/// How Q8_0 lies in <see cref="Panels"/>: four bytes of a row are four columns of it. They are stored with 128 added, as the
/// processors' products of eight-bit numbers take one side unsigned.
/// </summary>
internal static unsafe class Q8Panels
{
    /// <summary>Rows of a panel.</summary>
    public const int Rows = Panels.Rows;

    /// <summary>Bytes of a block's scales.</summary>
    public const int ScaleBytes = Panels.ScaleBytes;

    /// <summary>Bytes of four columns.</summary>
    public const int QuadBytes = 4 * Rows;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = ScaleBytes + (DTypes.Q8BlockSize * Rows);

    /// <summary>What is added to each int8.</summary>
    public const int Offset = 128;

    /// <summary>Turns four int8 into four stored bytes, and back.</summary>
    public const uint Flip = 0x80808080;

    /// <summary>into[i] = scale · int8 of one row, elements <paramref name="first"/> on.</summary>
    public static void Widen(float* into, byte* panel, int lane, int first, int count)
    {
        float* end = into + count;
        for (int column = first; into < end;)
        {
            byte* block = panel + ((long)(column / DTypes.Q8BlockSize) * BlockBytes);
            float scale = (float)((Half*)block)[lane];
            block += ScaleBytes + (lane * 4);
            int at = column % DTypes.Q8BlockSize, stop = (int)Math.Min(DTypes.Q8BlockSize, at + (end - into));
            column += stop - at;
            for (; at < stop && at % 4 != 0; at++)
                *into++ = scale * One(block, at);
            for (; at + 4 <= stop; at += 4, into += 4)
            {
                Vector128<sbyte> four = Vector128.CreateScalar(*(uint*)(block + (at * Rows)) ^ Flip).AsSByte();
                Vector128<int> wide = Vector128.WidenLower(Vector128.WidenLower(four));
                (Vector128.ConvertToSingle(wide) * Vector128.Create(scale)).Store(into);
            }

            for (; at < stop; at++)
                *into++ = scale * One(block, at);
        }
    }

    private static int One(byte* block, int at) => block[(at / 4 * QuadBytes) + (at % 4)] - Offset;
}
