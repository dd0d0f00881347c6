using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary>
/// How a Q8_0 matrix lies in memory here: panels of eight rows, so that a register holds four elements of each of eight rows
/// and a product needs neither packing nor a sum across lanes.
/// </summary>
/// <remarks>
/// A panel holds, for each four columns, four bytes of each row in turn; then, for each block of 32 columns, the float16 scales
/// of the eight rows. Bytes are stored with 128 added, as the processors' products of eight-bit numbers take one side unsigned.
/// The last panel has room for eight rows always. Tensors are written and read in GGUF's layout, which this takes apart.
/// </remarks>
internal static unsafe class Q8Panels
{
    /// <summary>Rows of a panel.</summary>
    public const int Rows = 8;

    /// <summary>What is added to each int8.</summary>
    public const int Offset = 128;

    private const uint Flip = 0x80808080;

    /// <summary>Bytes from a panel to the next, whole cache lines.</summary>
    public static long PanelBytes(long columns) => ((columns * Rows) + (columns / DTypes.Q8BlockSize * Rows * 2) + 63) / 64 * 64;

    /// <summary>Bytes of a matrix.</summary>
    public static long Bytes(long rows, long columns) => (rows + Rows - 1) / Rows * PanelBytes(columns);

    /// <summary>The panel that holds a row.</summary>
    public static byte* Panel(void* matrix, long columns, long row) => (byte*)matrix + (row / Rows * PanelBytes(columns));

    /// <summary>A panel's scales: eight float16 for each block of columns.</summary>
    public static ushort* Scales(byte* panel, long columns) => (ushort*)(panel + (columns * Rows));

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
                        WriteBlock(panel, columns, block, lane + i, from + ((long)i * rowBytes) + (block * DTypes.Q8BlockBytes));
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
                WriteBlock(panel, columns, firstBlock + i, (int)(row % Rows), from + (i * DTypes.Q8BlockBytes));
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
                    ReadBlock(into + at + (block * DTypes.Q8BlockBytes), panel, columns, block, (int)(firstRow % Rows));
            }
        }
    }

    /// <summary>into[i] = scale · int8 of one row, elements <paramref name="first"/> on.</summary>
    public static void Widen(float* into, void* matrix, long columns, long row, int first, int count)
    {
        byte* panel = Panel(matrix, columns, row);
        int lane = (int)(row % Rows);
        ushort* scales = Scales(panel, columns) + lane;
        float* end = into + count;
        for (int column = first; into < end;)
        {
            float scale = Float16Format.Decode(scales[(long)(column / DTypes.Q8BlockSize) * Rows]);
            float* stop = into + Math.Min(end - into, DTypes.Q8BlockSize - (column % DTypes.Q8BlockSize));
            byte* block = panel + (lane * 4);
            for (; into < stop && column % 4 != 0; column++)
                *into++ = scale * One(block, column);
            for (; into + 4 <= stop; column += 4, into += 4)
            {
                Vector128<sbyte> four = Vector128.CreateScalar(*(uint*)(block + (column * (long)Rows)) ^ Flip).AsSByte();
                Vector128<int> wide = Vector128.WidenLower(Vector128.WidenLower(four));
                (Vector128.ConvertToSingle(wide) * Vector128.Create(scale)).Store(into);
            }

            for (; into < stop; column++)
                *into++ = scale * One(block, column);
        }
    }

    private static int One(byte* block, int column) => block[(column / 4 * 4L * Rows) + (column % 4)] - Offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteBlock(byte* panel, long columns, long block, int lane, byte* from)
    {
        Scales(panel, columns)[(block * Rows) + lane] = *(ushort*)from;
        uint* to = (uint*)(panel + (block * DTypes.Q8BlockSize * Rows)) + lane;
        for (int i = 0; i < DTypes.Q8BlockSize / 4; i++)
            to[i * Rows] = *(uint*)(from + 2 + (i * 4)) ^ Flip;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadBlock(byte* to, byte* panel, long columns, long block, int lane)
    {
        *(ushort*)to = Scales(panel, columns)[(block * Rows) + lane];
        uint* from = (uint*)(panel + (block * DTypes.Q8BlockSize * Rows)) + lane;
        for (int i = 0; i < DTypes.Q8BlockSize / 4; i++)
            *(uint*)(to + 2 + (i * 4)) = from[i * Rows] ^ Flip;
    }
}
