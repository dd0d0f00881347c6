namespace CodeTuner.Tensors.Cpu.Gemm;

/// <summary>
/// A block of an operand and room for it in the order in which a micro-kernel reads it: slices of the depth, in each one panel after
/// the other, in each panel the elements of one depth side by side.
/// </summary>
/// <param name="Packed">At least <see cref="Floats"/> floats.</param>
/// <param name="Matrix">Where from.</param>
/// <param name="Width">A panel's width: the micro-kernel's rows or columns.</param>
/// <param name="First">The first row or column.</param>
/// <param name="Count">Rows or columns.</param>
/// <param name="FirstDepth">The first depth.</param>
/// <param name="Depth">Depths.</param>
/// <param name="Direct">It is not packed after all, but read as it lies: whole panels of float32 rows that run across them.</param>
internal readonly unsafe record struct PackedBlock(nint Packed, MatrixView Matrix, int Width, int First, int Count, int FirstDepth, int Depth, bool Direct = false)
{
    /// <summary>
    /// Depths of a slice, save the last. A panel of it streams from the second-level cache; deeper ones would not fit beside A's,
    /// shallower ones read and write C more often. The order of additions depends on it.
    /// </summary>
    public const int Slice = 512;

    // What one tile packs: a microsecond or two.
    private const int TileFloats = 1 << 13;

    /// <summary>Panels, of which the last is filled up with zeros.</summary>
    public int Panels => (Count + Width - 1) / Width;

    /// <summary>The floats it takes.</summary>
    public long Floats => Direct ? 0 : (long)Panels * Width * Depth;

    /// <summary>Floats from one depth to the next within a panel.</summary>
    public long Step => Direct ? Matrix.Stride : Width;

    /// <summary>Tiles to pack it in.</summary>
    public int Tiles => Direct ? 0 : TilesAcross * ((Depth + TileDepth - 1) / TileDepth);

    // Stored rows are read in long stretches, whichever way they run.
    private int TileDepth => Matrix.DepthIsContiguous ? Slice : Packing.RowsTogether;

    private int TilePanels => Math.Max(1, TileFloats / (Math.Clamp(Depth, 1, TileDepth) * Width));

    private int TilesAcross => (Panels + TilePanels - 1) / TilePanels;

    /// <summary>A panel's elements of the slice that begins at <paramref name="depth"/>.</summary>
    public float* Panel(int panel, int depth)
    {
        if (Direct)
            return Matrix.Floats + ((FirstDepth + depth) * Matrix.Stride) + First + (panel * Width);
        return (float*)Packed + ((long)depth * Panels * Width) + ((long)panel * Width * Math.Min(Slice, Depth - depth));
    }

    /// <summary>Packs one of the <see cref="Tiles"/>.</summary>
    public void Pack(int tile)
    {
        int depth = tile / TilesAcross * TileDepth, panel = tile % TilesAcross * TilePanels, slice = depth / Slice * Slice;
        int outer = panel * Width, count = Math.Min(TilePanels * Width, Count - outer);
        float* into = Panel(panel, slice) + ((depth - slice) * Width);
        long step = (long)Width * Math.Min(Slice, Depth - slice);
        Packing.Panels(into, step, Width, Matrix, First + outer, count, FirstDepth + depth, Math.Min(TileDepth, Depth - depth));
    }
}
