using CodeTuner.Tensors.Cpu.Threading;

namespace CodeTuner.Tensors.Cpu.Gemm;

/// <summary><see cref="Gemm"/> over one micro-kernel.</summary>
/// <remarks>
/// B is packed once by all threads, and A too where more than one tile needs each of its rows; then tiles of C, each of some
/// rows and columns, are done in any order. A tile runs over the whole depth, so the order of additions does not depend on the threads.
/// </remarks>
internal sealed unsafe class BlockedGemm<TKernel> : Gemm
    where TKernel : struct, IMicroKernel
{
    // A panel of B of this depth streams from the second-level cache, and so does a tile's block of A; deeper blocks would not fit,
    // shallower ones read and write C more often.
    private const int DepthBlock = 512;

    // Tiles for each thread, so that the threads end together.
    private const int TilesPerThread = 8;

    // Rows of a tile, in micro-kernel heights.
    private const int TileHeights = 8;

    // Panels, at most, that one tile of the packing copies: stored rows that run across them are read in longer stretches.
    private const int PackedTogether = 8;

    // Packed B beyond this many floats is done in stripes of columns; A beyond it is packed by each tile anew.
    private const long PackedLimit = 6 << 20;

    // So that an interactive request never waits long for the tile that is under way (about a millisecond).
    private const double TileOperations = 1.2e8;

    public override void Multiply(
        CpuScratch scratch, float* c, long stride, in MatrixView a, in MatrixView b, int m, int n, int k, bool accumulate, float scale)
    {
        if (m == 0 || n == 0)
            return;
        int width = TKernel.Columns;
        long stripe = Math.Min(RoundUp(n, width), Math.Max(width, PackedLimit / Math.Max(1, k) / width * width));
        int stripePanels = (int)(stripe / width);
        (int rowsPerTile, int panelsPerTile) = TileSize(m, stripePanels, k, scratch.Pool.Threads);
        int heights = (m + TKernel.Rows - 1) / TKernel.Rows;
        long packedA = (long)heights * TKernel.Rows * k;
        bool packsA = n > (long)panelsPerTile * width && packedA <= PackedLimit;
        float* packed = scratch.Shared((stripe * k) + (packsA ? packedA : 0));
        float* rows = packsA ? packed + (stripe * k) : null;
        if (packsA)
        {
            int together = Together(heights, scratch.Pool.Threads);
            scratch.Run((heights + together - 1) / together, new PackABody { Scratch = scratch, Packed = rows, A = a, Rows = m, Depth = k, Together = together });
        }

        for (int start = 0; start < n; start += (int)stripe)
        {
            int columns = (int)Math.Min(stripe, n - start);
            int panels = (columns + width - 1) / width;
            int together = Together(panels, scratch.Pool.Threads);
            scratch.Run((panels + together - 1) / together, new PackBody
            {
                Scratch = scratch, Packed = packed, B = b, FirstColumn = start, Columns = columns, Depth = k, Together = together,
            });
            int tilesDown = (m + rowsPerTile - 1) / rowsPerTile, tilesAcross = (panels + panelsPerTile - 1) / panelsPerTile;
            scratch.Run(tilesDown * tilesAcross, new TileBody
            {
                Scratch = scratch, Packed = packed, PackedA = rows, C = c + start, Stride = stride, A = a, Rows = m, Columns = columns, Depth = k,
                RowsPerTile = rowsPerTile, PanelsPerTile = panelsPerTile, TilesAcross = tilesAcross, Accumulate = accumulate, Scale = scale,
            });
        }
    }

    public override long WorkspaceFloats(int m, int n, int k)
    {
        int depth = Math.Min(k, DepthBlock);
        return PackedB(n, k) + RoundUp(Math.Min(m, TileHeights * TKernel.Rows), TKernel.Rows) * (long)depth
            + Widened(depth) + ((long)TKernel.Rows * TKernel.Columns);
    }

    public override void MultiplyHere(
        float* workspace, float* c, long stride, in MatrixView a, in MatrixView b, int m, int n, int k, bool accumulate, float scale)
    {
        int width = TKernel.Columns;
        int panels = (n + width - 1) / width;
        float* rest = workspace + PackedB(n, k);
        PackB(workspace, 0, panels, b, 0, n, k, rest);
        int step = TileHeights * TKernel.Rows;
        for (int row = 0; row < m; row += step)
        {
            Tile(rest, workspace, null, 0, c + (row * stride), stride, a, row, Math.Min(step, m - row), n, 0, panels, k, accumulate, scale);
        }
    }

    private static long PackedB(int n, int k) => (long)RoundUp(n, TKernel.Columns) * k;

    private static long Widened(int depth) => (long)Math.Max(TKernel.Rows, TKernel.Columns) * depth;

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    private static (int Rows, int Panels) TileSize(int m, int panels, int k, int threads)
    {
        int height = TKernel.Rows;
        double perMicroTile = 2.0 * height * TKernel.Columns * k;
        int heights = Math.Min(TileHeights, (m + height - 1) / height);
        int perTile = panels;

        // Enough tiles for the threads to end together, and none too long to wait for.
        while (heights > 1 && ((m / (heights * height)) + 1) * (long)((panels + perTile - 1) / perTile) < threads * TilesPerThread && perTile <= 8)
            heights = (heights + 1) / 2;
        while (perTile > 8 && ((m + (heights * height) - 1) / (heights * height)) * (long)((panels + perTile - 1) / perTile) < threads * TilesPerThread)
            perTile = (perTile + 1) / 2;
        while (perMicroTile * heights * perTile > TileOperations && perTile > 8)
            perTile = (perTile + 1) / 2;
        while (perMicroTile * heights * perTile > TileOperations && heights > 2)
            heights--;
        return (heights * height, perTile);
    }

    private static int Together(int panels, int threads) => Math.Clamp(panels / (threads * 2), 1, PackedTogether);

    private static void PackB(float* packed, int firstPanel, int panels, in MatrixView b, int firstColumn, int columns, int k, float* widened)
    {
        int width = TKernel.Columns, column = firstPanel * width, count = Math.Min(panels * width, columns - column);
        float* into = packed + ((long)column * k);
        for (int d = 0; d < k; d += DepthBlock)
        {
            int depth = Math.Min(DepthBlock, k - d);
            Packing.Panels(into + ((long)d * width), (long)width * k, width, b, firstColumn + column, count, d, depth, widened);
        }
    }

    // rest holds: the packed block of A, room for widened elements, and one micro-tile for ragged edges. allA holds all of A packed,
    // of so many rows, or is null.
    private static void Tile(
        float* rest, float* packed, float* allA, int allRows, float* c, long stride, in MatrixView a, int firstRow, int rows, int columns,
        int firstPanel, int panels, int k, bool accumulate, float scale)
    {
        int height = TKernel.Rows, width = TKernel.Columns;
        int maxDepth = Math.Min(k, DepthBlock);
        float* packedA = rest;
        float* widened = packedA + ((long)RoundUp(rows, height) * maxDepth);
        float* edge = widened + Widened(maxDepth);
        if (k == 0 && !accumulate)
        {
            for (int i = 0; i < rows; i++)
                new Span<float>(c + (i * stride), columns).Clear();
            return;
        }

        for (int d = 0; d < k; d += DepthBlock)
        {
            int depth = Math.Min(DepthBlock, k - d);
            bool add = accumulate || d > 0;
            if (allA is not null)
                packedA = allA + ((long)d * allRows) + ((long)firstRow * depth);
            else
                Packing.Panels(packedA, (long)height * depth, height, a, firstRow, rows, d, depth, widened);
            for (int p = firstPanel; p < firstPanel + panels; p++)
            {
                int column = p * width;
                int columnsHere = Math.Min(width, columns - column);
                float* b = packed + ((long)column * k) + ((long)d * width);
                for (int row = 0; row < rows; row += height)
                {
                    int rowsHere = Math.Min(height, rows - row);
                    float* to = c + (row * stride) + column;
                    if (rowsHere == height && columnsHere == width)
                        TKernel.Run(depth, packedA + ((long)row * depth), b, to, stride, add, scale);
                    else
                        RaggedEdge(edge, depth, packedA + ((long)row * depth), b, to, stride, rowsHere, columnsHere, add, scale);
                }
            }
        }
    }

    private static void RaggedEdge(
        float* edge, int depth, float* a, float* b, float* c, long stride, int rows, int columns, bool add, float scale)
    {
        int width = TKernel.Columns;
        TKernel.Run(depth, a, b, edge, width, accumulate: false, scale);
        for (int i = 0; i < rows; i++)
        {
            float* from = edge + ((long)i * width);
            float* to = c + (i * stride);
            for (int j = 0; j < columns; j++)
                to[j] = add ? to[j] + from[j] : from[j];
        }
    }

    private struct PackBody : IParallelBody
    {
        public CpuScratch Scratch;
        public float* Packed;
        public MatrixView B;
        public int FirstColumn;
        public int Columns;
        public int Depth;
        public int Together;

        public readonly void Run(int tile, int worker) =>
            PackB(Packed, tile * Together, Together, B, FirstColumn, Columns, Depth, Scratch.Own(worker, Widened(DepthBlock)));
    }

    // By depth blocks, and in each by the micro-kernel's heights.
    private struct PackABody : IParallelBody
    {
        public CpuScratch Scratch;
        public float* Packed;
        public MatrixView A;
        public int Rows;
        public int Depth;
        public int Together;

        public readonly void Run(int tile, int worker)
        {
            int height = TKernel.Rows, row = tile * Together * height, count = Math.Min(Together * height, Rows - row);
            float* widened = Scratch.Own(worker, Widened(DepthBlock));
            for (int d = 0; d < Depth; d += DepthBlock)
            {
                int depth = Math.Min(DepthBlock, Depth - d);
                float* into = Packed + ((long)d * RoundUp(Rows, height)) + ((long)row * depth);
                Packing.Panels(into, (long)height * depth, height, A, row, count, d, depth, widened);
            }
        }
    }

    private struct TileBody : IParallelBody
    {
        public CpuScratch Scratch;
        public float* Packed;
        public float* PackedA;
        public float* C;
        public long Stride;
        public MatrixView A;
        public int Rows;
        public int Columns;
        public int Depth;
        public int RowsPerTile;
        public int PanelsPerTile;
        public int TilesAcross;
        public bool Accumulate;
        public float Scale;

        public readonly void Run(int tile, int worker)
        {
            int firstRow = tile / TilesAcross * RowsPerTile;
            int firstPanel = tile % TilesAcross * PanelsPerTile;
            int rows = Math.Min(RowsPerTile, Rows - firstRow);
            int allPanels = (Columns + TKernel.Columns - 1) / TKernel.Columns;
            int panels = Math.Min(PanelsPerTile, allPanels - firstPanel);
            int depth = Math.Min(Depth, DepthBlock);
            long floats = ((long)RoundUp(rows, TKernel.Rows) * depth) + Widened(depth) + ((long)TKernel.Rows * TKernel.Columns);
            Tile(
                Scratch.Own(worker, floats), Packed, PackedA, RoundUp(Rows, TKernel.Rows), C + (firstRow * Stride), Stride, A, firstRow, rows, Columns, firstPanel, panels, Depth, Accumulate, Scale);
        }
    }
}
