using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary>
/// How a Q8_0 matrix lies in memory here: panels of sixteen rows, so that a register holds four elements of each of eight rows
/// and a product needs neither packing nor a sum across lanes.
/// </summary>
/// <remarks>
/// A panel holds, for each block of 32 columns, the sixteen rows' float16 scales, and then for each four columns four bytes of each
/// row in turn: what a product reads is one stream. Bytes are stored with 128 added, as the processors' products of eight-bit
/// numbers take one side unsigned. The last panel has room for sixteen rows always. Tensors are written and read in GGUF's layout.
/// </remarks>
internal static unsafe class Q8Panels
{
    /// <summary>Rows of a panel.</summary>
    public const int Rows = 16;

    /// <summary>Bytes of a block's scales.</summary>
    public const int ScaleBytes = 2 * Rows;

    /// <summary>Bytes of four columns.</summary>
    public const int QuadBytes = 4 * Rows;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = ScaleBytes + (DTypes.Q8BlockSize * Rows);

    /// <summary>What is added to each int8.</summary>
    public const int Offset = 128;

    private const uint Flip = 0x80808080;

    /// <summary>Bytes from a panel to the next.</summary>
    public static long PanelBytes(long columns) => columns / DTypes.Q8BlockSize * BlockBytes;

    /// <summary>Bytes of a matrix.</summary>
    public static long Bytes(long rows, long columns) => (rows + Rows - 1) / Rows * PanelBytes(columns);

    /// <summary>The panel that holds a row.</summary>
    public static byte* Panel(void* matrix, long columns, long row) => (byte*)matrix + (row / Rows * PanelBytes(columns));

    /// <summary>Stores rows that lie in GGUF's layout, whole ones.</summary>
    public static void WriteRows(void* matrix, int columns, long firstRow, ReadOnlySpan<byte> rows)
    {
        int rowBytes = (int)DType.Q8_0.RowBytes(columns);
        if (rowBytes == 0)
            return;
        for (int at = 0; at < rows.Length;)
        {
            // Block by block over the panel's rows, so that what is written lies together.
            int lane = (int)(firstRow % Rows), count = Math.Min(Rows - lane, (rows.Length - at) / rowBytes);
            byte* panel = Panel(matrix, columns, firstRow);
            fixed (byte* from = rows[at..])
            {
                for (int block = 0; block < columns / DTypes.Q8BlockSize; block++)
                {
                    for (int i = 0; i < count; i++)
                        WriteBlock(panel, block, lane + i, from + ((long)i * rowBytes) + (block * DTypes.Q8BlockBytes));
                }
            }

            firstRow += count;
            at += count * rowBytes;
        }
    }

    /// <summary>Stores blocks of one row that lie in GGUF's layout.</summary>
    public static void WriteBlocks(void* matrix, int columns, long row, int firstBlock, ReadOnlySpan<byte> blocks)
    {
        byte* panel = Panel(matrix, columns, row);
        fixed (byte* from = blocks)
        {
            for (int i = 0; i < blocks.Length / DTypes.Q8BlockBytes; i++)
                WriteBlock(panel, firstBlock + i, (int)(row % Rows), from + (i * DTypes.Q8BlockBytes));
        }
    }

    /// <summary>Gives rows back in GGUF's layout, whole ones.</summary>
    public static void ReadRows(void* matrix, int columns, long firstRow, Span<byte> rows)
    {
        int rowBytes = (int)DType.Q8_0.RowBytes(columns);
        fixed (byte* into = rows)
        {
            for (long at = 0; at < rows.Length; at += rowBytes, firstRow++)
            {
                byte* panel = Panel(matrix, columns, firstRow);
                for (int block = 0; block < columns / DTypes.Q8BlockSize; block++)
                    ReadBlock(into + at + (block * DTypes.Q8BlockBytes), panel, block, (int)(firstRow % Rows));
            }
        }
    }

    /// <summary>into[i] = scale · int8 of one row, elements <paramref name="first"/> on.</summary>
    public static void Widen(float* into, void* matrix, long columns, long row, int first, int count)
    {
        byte* panel = Panel(matrix, columns, row);
        int lane = (int)(row % Rows);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteBlock(byte* panel, long block, int lane, byte* from)
    {
        byte* to = panel + (block * BlockBytes);
        ((ushort*)to)[lane] = *(ushort*)from;
        uint* values = (uint*)(to + ScaleBytes) + lane;
        for (int i = 0; i < DTypes.Q8BlockSize / 4; i++)
            values[i * Rows] = *(uint*)(from + 2 + (i * 4)) ^ Flip;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadBlock(byte* to, byte* panel, long block, int lane)
    {
        byte* from = panel + (block * BlockBytes);
        *(ushort*)to = ((ushort*)from)[lane];
        uint* values = (uint*)(from + ScaleBytes) + lane;
        for (int i = 0; i < DTypes.Q8BlockSize / 4; i++)
            *(uint*)(to + 2 + (i * 4)) = values[i * Rows] ^ Flip;
    }
}
