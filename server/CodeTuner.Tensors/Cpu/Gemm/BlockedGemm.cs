using CodeTuner.Tensors.Cpu.Threading;

namespace CodeTuner.Tensors.Cpu.Gemm;

/// <summary><see cref="Gemm"/> over one micro-kernel.</summary>
/// <remarks>
/// The product goes in steps, each over some rows, columns and depths whose operands stay packed in the last-level cache.
/// The tiles of a step are done in any order, and beside them the operands of the next step are packed. A tile runs over the whole depth
/// of its step, in slices whose bounds depend on nothing else, so the order of additions does not depend on the threads.
/// </remarks>
/// <param name="blockFloats">Floats of an operand packed at a time; with both operands of two steps, half of a last-level cache of 32 MB.</param>
internal sealed unsafe class BlockedGemm<TKernel>(int blockFloats = 1 << 20) : Gemm
    where TKernel : struct, IMicroKernel
{
    // Rows or columns of a block where there are so many. It is as deep as it can be then: C is read and written once for each depth.
    private const int BlockSide = 512;

    // Tiles for each thread, so that the threads end together; but none shorter than some microseconds, nor longer than half a
    // millisecond, which an interactive request may have to wait for.
    private const int TilesPerThread = 32;
    private const double LeastOperations = 1e6, MostOperations = 1.2e8;

    // Rows of a tile, in micro-kernel heights: with AVX-512 a slice of them fills less than half of the second-level cache.
    private const int TileHeights = 16;

    // Up to so many heights, B is read as it lies where it lies well: packing it would take longer than the product.
    private const int DirectHeights = 4;

    public override void Multiply(
        CpuScratch scratch, float* c, long stride, in MatrixView a, in MatrixView b, int m, int n, int k, bool accumulate, float scale)
    {
        if (m == 0 || n == 0)
            return;
        int whole = m <= DirectHeights * TKernel.Rows && b.Type == DType.Float32 && !b.DepthIsContiguous ? n / TKernel.Columns * TKernel.Columns : 0;
        if (whole > 0)
            InSteps(scratch, c, stride, a, b, m, whole, k, direct: true, accumulate, scale);
        if (n > whole)
            InSteps(scratch, c + whole, stride, a, b with { Data = (nint)(b.Floats + whole) }, m, n - whole, k, direct: false, accumulate, scale);
    }

    // Stripe of columns after stripe; in each all rows, there and back, so that at the turn their block is packed already; in each all depths.
    private void InSteps(
        CpuScratch scratch, float* c, long stride, in MatrixView a, in MatrixView b, int m, int n, int k, bool direct, bool accumulate, float scale)
    {
        int longest = Math.Min(BlockSide, direct ? m : Math.Max(m, n));
        int depths = Math.Clamp(k, 1, Math.Max(1, blockFloats / longest / PackedBlock.Slice) * PackedBlock.Slice), fit = blockFloats / depths;
        int rows = Even(m, fit, TKernel.Rows), columns = direct ? n : Even(n, fit, TKernel.Columns);
        int down = Parts(m, rows), deep = Math.Max(1, Parts(k, depths)), steps = Parts(n, columns) * down * deep;
        PackedBlock blockA = new(0, a, TKernel.Rows, 0, Math.Min(m, rows), 0, depths);
        PackedBlock blockB = new(0, b, TKernel.Columns, 0, Math.Min(n, columns), 0, depths, direct);
        float* roomA = scratch.Shared(2 * (blockA.Floats + blockB.Floats)), roomB = roomA + (2 * blockA.Floats);
        StepBody body = new() { C = c, Stride = stride, Accumulate = accumulate, Scale = scale };
        for (int next = 0; next <= steps; next++)
        {
            (body.NextA, body.NextB) = (body.A, body.B);
            if (next < steps)
            {
                int depth = next % deep * depths, block = next / deep % down, stripe = next / deep / down, depthHere = Math.Min(depths, k - depth);
                int row = (stripe % 2 == 0 ? block : down - 1 - block) * rows, column = stripe * columns;
                body.NextA = Next(body.A, roomA, blockA.Floats, blockA with { First = row, Count = Math.Min(rows, m - row), FirstDepth = depth, Depth = depthHere });
                body.NextB = Next(body.B, roomB, blockB.Floats, blockB with { First = column, Count = Math.Min(columns, n - column), FirstDepth = depth, Depth = depthHere });
            }

            body.CutIntoTiles(scratch.Pool.Threads);
            scratch.Run(body.Tiles, body);
            (body.A, body.B) = (body.NextA, body.NextB);
        }
    }

    // What is wanted is packed already, or goes where the block in use is not.
    private static PackedBlock Next(in PackedBlock current, float* room, long floats, in PackedBlock wanted)
    {
        if (current == wanted with { Packed = current.Packed })
            return current;
        return wanted with { Packed = current.Packed == (nint)room ? (nint)(room + floats) : (nint)room };
    }

    private static int Parts(int count, int part) => (count + part - 1) / part;

    // The length of the parts where a count is cut into equal ones, each a multiple and, where that is possible, not above the most.
    private static int Even(int count, int most, int multiple)
    {
        int units = Parts(count, multiple);
        return Parts(units, Parts(units, Math.Max(1, most / multiple))) * multiple;
    }

    // Some rows by some columns of C, in the micro-kernel's units.
    private static void Multiply(
        float* c, long stride, in PackedBlock a, in PackedBlock b, (int First, int Count) heights, (int First, int Count) panels, bool accumulate, float scale)
    {
        int height = TKernel.Rows, width = TKernel.Columns;
        float* start = c + (a.First * stride) + b.First;
        for (int d = 0; d == 0 || d < a.Depth; d += PackedBlock.Slice)
        {
            int depth = Math.Min(PackedBlock.Slice, a.Depth - d);
            bool add = accumulate || d > 0;
            for (int p = panels.First; p < panels.First + panels.Count; p++)
            {
                float* panel = b.Panel(p, d), rows = a.Panel(heights.First, d);
                int columnsHere = Math.Min(width, b.Count - (p * width));
                for (int h = heights.First; h < heights.First + heights.Count; h++, rows += height * depth)
                {
                    int rowsHere = Math.Min(height, a.Count - (h * height));
                    float* to = start + (h * height * stride) + (p * width);
                    if (rowsHere == height && columnsHere == width)
                        TKernel.Run(depth, rows, panel, b.Step, to, stride, add, scale);
                    else
                        RaggedEdge(depth, rows, panel, b.Step, to, stride, rowsHere, columnsHere, add, scale);
                }
            }
        }
    }

    // What is left of C below and beside its whole blocks; below, a few rows at a time where that takes less.
    private static void RaggedEdge(int depth, float* a, float* b, long bStep, float* c, long stride, int rows, int columns, bool add, float scale)
    {
        int height = rows <= TKernel.Rows - TKernel.FewRows ? TKernel.FewRows : TKernel.Rows, width = TKernel.Columns;
        float* edge = stackalloc float[TKernel.Rows * width];
        for (int first = 0; first < rows; first += height)
        {
            int here = Math.Min(height, rows - first);
            bool isWhole = here == height && columns == width;
            float* to = c + (first * stride), into = isWhole ? to : edge;
            long step = isWhole ? stride : width;
            if (height == TKernel.FewRows)
                TKernel.RunFew(depth, a + first, b, bStep, into, step, isWhole && add, scale);
            else
                TKernel.Run(depth, a, b, bStep, into, step, isWhole && add, scale);
            for (int i = 0; i < here && !isWhole; i++)
            {
                float* from = edge + (i * width), row = to + (i * stride);
                for (int j = 0; j < columns; j++)
                    row[j] = add ? row[j] + from[j] : from[j];
            }
        }
    }

    // Multiplies A and B, where there are any yet, and packs what follows them.
    private struct StepBody : IParallelBody
    {
        public float* C;
        public long Stride;
        public bool Accumulate;
        public float Scale;
        public PackedBlock A;
        public PackedBlock B;
        public PackedBlock NextA;
        public PackedBlock NextB;
        private int heights;
        private int panels;
        private int tilesAcross;
        private int packsA;
        private int packs;

        public int Tiles { get; private set; }

        public void CutIntoTiles(int threads)
        {
            packsA = NextA == A ? 0 : NextA.Tiles;
            packs = Tiles = packsA + (NextB == B ? 0 : NextB.Tiles);
            if (A.Count > 0)
            {
                double each = 2.0 * TKernel.Rows * TKernel.Columns * Math.Max(1, A.Depth), all = (double)A.Panels * B.Panels * each;
                double most = Math.Clamp(all / (threads * TilesPerThread), LeastOperations, MostOperations) / each;
                heights = Even(A.Panels, (int)Math.Min(TileHeights, most), 1);
                panels = Even(B.Panels, (int)(most / heights), 1);
                tilesAcross = Parts(B.Panels, panels);
                Tiles += Parts(A.Panels, heights) * tilesAcross;
            }
        }

        public readonly void Run(int tile, int worker)
        {
            // Evenly among the products, since packing waits for memory and they do not.
            int packed = (int)((long)tile * packs / Tiles);
            if ((long)(tile + 1) * packs / Tiles == packed)
                Multiply(tile - packed);
            else if (packed < packsA)
                NextA.Pack(packed);
            else
                NextB.Pack(packed - packsA);
        }

        private readonly void Multiply(int tile)
        {
            int height = tile / tilesAcross * heights, panel = tile % tilesAcross * panels;
            BlockedGemm<TKernel>.Multiply(
                C, Stride, A, B, (height, Math.Min(heights, A.Panels - height)), (panel, Math.Min(panels, B.Panels - panel)), Accumulate || A.FirstDepth > 0, Scale);
        }
    }
}
