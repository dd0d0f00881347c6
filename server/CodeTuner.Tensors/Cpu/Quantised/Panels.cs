using System.Runtime.CompilerServices;

namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary>
/// How a quantised matrix lies in memory here: panels of sixteen rows, so that a register holds four bytes of each of eight rows
/// and a product needs neither packing nor a sum across lanes.
/// </summary>
/// <remarks>
/// A panel holds, for each block of 32 columns, the sixteen rows' float16 scales, and then four bytes of each row in turn: what a
/// product reads is one stream. The last panel has room for sixteen rows always. Tensors are written and read in GGUF's layout.
/// </remarks>
internal static unsafe class Panels
{
    /// <summary>Rows of a panel.</summary>
    public const int Rows = 16;

    /// <summary>Bytes of a block's scales.</summary>
    public const int ScaleBytes = 2 * Rows;

    /// <summary>Bytes of a block.</summary>
    public static int BlockBytes(DType type) => type.BlockBytes() * Rows;

    /// <summary>Bytes from a panel to the next.</summary>
    public static long PanelBytes(DType type, long columns) => columns / type.BlockSize() * BlockBytes(type);

    /// <summary>Bytes of a matrix.</summary>
    public static long Bytes(DType type, long rows, long columns) => (rows + Rows - 1) / Rows * PanelBytes(type, columns);

    /// <summary>The panel that holds a row.</summary>
    public static byte* Panel(DType type, void* matrix, long columns, long row) => (byte*)matrix + (row / Rows * PanelBytes(type, columns));

    /// <summary>Stores rows that lie in GGUF's layout, whole ones.</summary>
    public static void WriteRows(DType type, void* matrix, int columns, long firstRow, ReadOnlySpan<byte> rows)
    {
        int rowBytes = (int)type.RowBytes(columns);
        if (rowBytes == 0)
            return;
        for (int at = 0; at < rows.Length;)
        {
            // Block by block over the panel's rows, so that what is written lies together.
            int lane = (int)(firstRow % Rows), count = Math.Min(Rows - lane, (rows.Length - at) / rowBytes);
            byte* panel = Panel(type, matrix, columns, firstRow);
            fixed (byte* from = rows[at..])
            {
                for (int block = 0; block < columns / type.BlockSize(); block++)
                {
                    for (int i = 0; i < count; i++)
                        WriteBlock(type, panel, block, lane + i, from + ((long)i * rowBytes) + (block * type.BlockBytes()));
                }
            }

            firstRow += count;
            at += count * rowBytes;
        }
    }

    /// <summary>Stores blocks of one row that lie in GGUF's layout.</summary>
    public static void WriteBlocks(DType type, void* matrix, int columns, long row, int firstBlock, ReadOnlySpan<byte> blocks)
    {
        byte* panel = Panel(type, matrix, columns, row);
        fixed (byte* from = blocks)
        {
            for (int i = 0; i < blocks.Length / type.BlockBytes(); i++)
                WriteBlock(type, panel, firstBlock + i, (int)(row % Rows), from + (i * type.BlockBytes()));
        }
    }

    /// <summary>Gives rows back in GGUF's layout, whole ones.</summary>
    public static void ReadRows(DType type, void* matrix, int columns, long firstRow, Span<byte> rows)
    {
        int rowBytes = (int)type.RowBytes(columns);
        fixed (byte* into = rows)
        {
            for (long at = 0; at < rows.Length; at += rowBytes, firstRow++)
            {
                byte* panel = Panel(type, matrix, columns, firstRow);
                for (int block = 0; block < columns / type.BlockSize(); block++)
                    ReadBlock(type, into + at + (block * type.BlockBytes()), panel, block, (int)(firstRow % Rows));
            }
        }
    }

    /// <summary>into[i] = one row, elements <paramref name="first"/> on, as float32.</summary>
    public static void Widen(DType type, float* into, void* matrix, long columns, long row, int first, int count)
    {
        byte* panel = Panel(type, matrix, columns, row);
        if (type == DType.Q4_0)
            Q4Panels.Widen(into, panel, (int)(row % Rows), first, count);
        else
            Q8Panels.Widen(into, panel, (int)(row % Rows), first, count);
    }

    // Four bytes at a time, after the scale.
    private static int Words(DType type) => (type.BlockBytes() - 2) / 4;

    private static uint Flip(DType type) => type == DType.Q8_0 ? Q8Panels.Flip : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteBlock(DType type, byte* panel, long block, int lane, byte* from)
    {
        byte* to = panel + (block * BlockBytes(type));
        uint flip = Flip(type);
        ((ushort*)to)[lane] = *(ushort*)from;
        uint* values = (uint*)(to + ScaleBytes) + lane;
        for (int i = 0; i < Words(type); i++)
            values[i * Rows] = *(uint*)(from + 2 + (i * 4)) ^ flip;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadBlock(DType type, byte* to, byte* panel, long block, int lane)
    {
        byte* from = panel + (block * BlockBytes(type));
        uint flip = Flip(type);
        *(ushort*)to = ((ushort*)from)[lane];
        uint* values = (uint*)(from + ScaleBytes) + lane;
        for (int i = 0; i < Words(type); i++)
            *(uint*)(to + 2 + (i * 4)) = values[i * Rows] ^ flip;
    }
}
