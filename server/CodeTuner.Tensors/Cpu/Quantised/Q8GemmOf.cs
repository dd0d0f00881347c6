using CodeTuner.Tensors.Cpu.Threading;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary><see cref="Q8Gemm"/> with one instruction set's products.</summary>
internal sealed unsafe class Q8GemmOf<TProducts, TWeights> : Q8Gemm
    where TProducts : struct, IInt8Products<TWeights>
    where TWeights : struct
{
    // The block of C that is worked out together.
    private const int Width = Q8Panels.Rows;
    private const int Height = Q8MicroKernel<TProducts, TWeights>.Rows;

    // So many blocks of a panel stay in the first-level cache while rows pass by.
    private const int DepthBlocks = 40;

    // Rows of a tile: what they take stays in the second-level cache.
    private const int TileRows = 128;

    // Products of a tile: enough to be worth a hand-over, and few enough (about a quarter of a millisecond) to be waited for.
    private const long FewestProducts = 1 << 16, MostProducts = 1 << 24;

    // Rounding less than this many elements is not worth a hand-over.
    private const int FewElements = 16384;

    public override void Multiply(CpuScratch scratch, float* c, float* a, byte* b, DType type, int m, int n, int k, bool accumulate, float scale)
    {
        if (m == 0 || n == 0)
            return;
        Q8Activations x = new((nint)scratch.Shared(Q8Activations.Floats(m, k)), m, k);

        // Half bytes are unpacked for several rows together; for fewer they are read as they are.
        bool unpacks = type == DType.Q4_0 && m >= Height;
        int offset = type == DType.Q4_0 && !unpacks ? Q4Format.Offset : TProducts.KeepsOffset ? Q8Panels.Offset : 0;
        int rowsATime = Math.Max(1, FewElements / Math.Max(1, k));
        scratch.Run((m + rowsATime - 1) / rowsATime, new RoundBody { To = x, From = a, RowsATime = rowsATime, Scale = scale, Offset = offset });

        int rowsPerTile = Math.Min(m, TileRows), panels = (n + Width - 1) / Width;
        long wanted = Math.Clamp((long)m * n * k / (scratch.Pool.Threads * 8), FewestProducts, MostProducts);
        int panelsPerTile = (int)Math.Clamp(wanted / Math.Max(1, (long)rowsPerTile * Width * k), 1, panels);
        int tilesDown = (m + rowsPerTile - 1) / rowsPerTile, tilesAcross = (panels + panelsPerTile - 1) / panelsPerTile;
        scratch.Run(tilesDown * tilesAcross, new TileBody
        {
            Scratch = scratch, C = c, X = x, B = (nint)b, Type = type, Unpacks = unpacks, N = n, RowsPerTile = rowsPerTile, PanelsPerTile = panelsPerTile,
            TilesAcross = tilesAcross, Accumulate = accumulate,
        });
    }

    private struct RoundBody : IParallelBody
    {
        public Q8Activations To;
        public float* From;
        public int RowsATime;
        public float Scale;
        public int Offset;

        public readonly void Run(int tile, int worker)
        {
            int end = Math.Min(To.Rows, (tile + 1) * RowsATime);
            for (int row = tile * RowsATime; row < end; row++)
                To.Quantise(row, From + ((long)row * To.Columns), Scale, Offset);
        }
    }

    private struct TileBody : IParallelBody
    {
        public CpuScratch Scratch;
        public float* C;
        public Q8Activations X;
        public nint B;
        public DType Type;
        public bool Unpacks;
        public int N;
        public int RowsPerTile;
        public int PanelsPerTile;
        public int TilesAcross;
        public bool Accumulate;

        public readonly void Run(int tile, int worker)
        {
            int firstRow = tile / TilesAcross * RowsPerTile, rows = Math.Min(RowsPerTile, X.Rows - firstRow);
            int firstColumn = tile % TilesAcross * PanelsPerTile * Width, endColumn = (int)Math.Min(N, (long)firstColumn + (PanelsPerTile * Width));
            float* scales = Scratch.Own(worker, (Width * DepthBlocks) + (Width * Height) + (Unpacks ? DepthBlocks * Q8Panels.BlockBytes / sizeof(float) : 0));
            float* edge = scales + (Width * DepthBlocks);
            if (X.Blocks == 0 && !Accumulate)
            {
                for (int row = firstRow; row < firstRow + rows; row++)
                    new Span<float>(C + ((long)row * N) + firstColumn, endColumn - firstColumn).Clear();
            }

            for (int block = 0; block < X.Blocks; block += DepthBlocks)
            {
                int blocks = Math.Min(DepthBlocks, X.Blocks - block);
                for (int column = firstColumn; column < endColumn; column += Width)
                    Panel(column, Math.Min(Width, endColumn - column), firstRow, rows, block, blocks, scales, edge);
            }
        }

        // A panel's columns of C, and some blocks of their depth.
        private readonly void Panel(int column, int columns, int firstRow, int rows, int block, int blocks, float* scales, float* edge)
        {
            byte* weights = Panels.Panel(Type, (void*)B, X.Columns, column) + ((long)block * Panels.BlockBytes(Type));
            if (Unpacks)
            {
                byte* unpacked = (byte*)(edge + (Width * Height));
                Q4Panels.Unpack(unpacked, weights, blocks);
                weights = unpacked;
            }

            if (rows >= Height)
            {
                for (int i = 0; i < blocks; i++)
                    Float16Format.Decode((ushort*)(weights + (i * Q8Panels.BlockBytes)), scales + (i * Width), Width);
            }

            Q8PanelBlocks panel = new((nint)weights, (nint)scales, block, blocks);
            bool add = Accumulate || block > 0;
            for (int row = firstRow; row < firstRow + rows;)
            {
                int height = firstRow + rows - row >= Height ? Height : 1;
                float* c = C + ((long)row * N) + column, to = columns == Width ? c : edge;
                if (add && to == edge)
                    CopyRows(edge, Width, c, N, height, columns);
                if (Type == DType.Q4_0 && !Unpacks)
                    Q4MicroKernel<TProducts, TWeights>.OneRow(X, row, panel, to, add);
                else if (height == 1)
                    Q8MicroKernel<TProducts, TWeights>.OneRow(X, row, panel, to, add);
                else
                    Q8MicroKernel<TProducts, TWeights>.FourRows(X, row, panel, to, to == c ? N : Width, add);
                if (to == edge)
                    CopyRows(c, N, edge, Width, height, columns);
                row += height;
            }
        }

        private static void CopyRows(float* to, long toStride, float* from, long fromStride, int rows, int columns)
        {
            for (int i = 0; i < rows; i++)
                new ReadOnlySpan<float>(from + (i * fromStride), columns).CopyTo(new Span<float>(to + (i * toStride), columns));
        }
    }
}
