using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary>
/// How Q4_0 lies in <see cref="Panels"/>: four bytes of a row are eight columns of it, four of the block's first half in their low
/// bits and four of its second half in their high bits.
/// </summary>
internal static unsafe class Q4Panels
{
    /// <summary>Rows of a panel.</summary>
    public const int Rows = Panels.Rows;

    /// <summary>Bytes of four columns and the four that are half a block farther.</summary>
    public const int QuadsBytes = 4 * Rows;

    /// <summary>Columns of half a block.</summary>
    public const int HalfBlock = DTypes.Q4BlockSize / 2;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = Panels.ScaleBytes + (HalfBlock * Rows);

    private const int Register = 32;

    /// <summary>The low bits of each byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Low(Vector256<byte> bytes) => bytes & Vector256.Create((byte)15);

    /// <summary>The high bits of each byte, as a number up to 15.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> High(Vector256<byte> bytes) => (bytes.AsUInt16() >>> 4).AsByte() & Vector256.Create((byte)15);

    /// <summary>into[i] = scale · (half byte − 8) of one row, elements <paramref name="first"/> on.</summary>
    public static void Widen(float* into, byte* panel, int lane, int first, int count)
    {
        float* end = into + count;
        for (int column = first; into < end;)
        {
            byte* block = panel + ((long)(column / DTypes.Q4BlockSize) * BlockBytes);
            float scale = (float)((Half*)block)[lane];
            block += Panels.ScaleBytes + (lane * 4);
            int at = column % DTypes.Q4BlockSize, stop = (int)Math.Min(DTypes.Q4BlockSize, at + (end - into));
            column += stop - at;
            for (; at < stop && at % 4 != 0; at++)
                *into++ = scale * One(block, at);
            for (; at + 4 <= stop; at += 4, into += 4)
            {
                Vector128<sbyte> four = Vector128.CreateScalar(Four(block, at)).AsSByte();
                Vector128<int> wide = Vector128.WidenLower(Vector128.WidenLower(four)) - Vector128.Create(Q4Format.Offset);
                (Vector128.ConvertToSingle(wide) * Vector128.Create(scale)).Store(into);
            }

            for (; at < stop; at++)
                *into++ = scale * One(block, at);
        }
    }

    /// <summary>Blocks of a panel as <see cref="Q8Panels"/> would hold them.</summary>
    /// <param name="into">At least <paramref name="blocks"/> blocks of <see cref="Q8Panels"/>.</param>
    /// <param name="from">The first block.</param>
    /// <param name="blocks">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(byte* into, byte* from, int blocks)
    {
        const int HalfAway = HalfBlock / 4 * Q8Panels.QuadBytes;
        Vector256<byte> raise = Vector256.Create((byte)(Q8Panels.Offset - Q4Format.Offset));
        for (byte* end = from + ((long)blocks * BlockBytes); from < end; into += HalfAway)
        {
            Vector256.Load(from).Store(into);
            from += Panels.ScaleBytes;
            into += Q8Panels.ScaleBytes;
            for (byte* next = from + (HalfBlock * Rows); from < next; from += Register, into += Register)
            {
                Vector256<byte> bytes = Vector256.Load(from);
                (Low(bytes) + raise).Store(into);
                (High(bytes) + raise).Store(into + HalfAway);
            }
        }
    }

    private static uint Four(byte* block, int at) =>
        (*(uint*)(block + (at % HalfBlock * Rows)) >> (at < HalfBlock ? 0 : 4)) & 0x0F0F0F0F;

    private static int One(byte* block, int at) =>
        ((block[(at % HalfBlock / 4 * QuadsBytes) + (at % 4)] >> (at < HalfBlock ? 0 : 4)) & 15) - Q4Format.Offset;
}
