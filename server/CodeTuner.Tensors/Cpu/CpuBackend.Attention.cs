using CodeTuner.Tensors.Cpu.Gemm;
using CodeTuner.Tensors.Cpu.Kernels;
using CodeTuner.Tensors.Cpu.Threading;

namespace CodeTuner.Tensors.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Blocks whose scores and operands stay in the second-level cache: multiples of the micro-kernels' heights and widths.
    private const int QueryBlock = 96;
    private const int KeyBlock = 192;

    // Below this many queries packing keys would cost more than it gives (a decode step has one).
    private const int DirectQueries = 4;

    /// <inheritdoc/>
    public override void Attention(Tensor into, Tensor logSumExp, Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape)
    {
        OperationChecks.Attention(into, logSumExp, query, key, value, firstKey, shape);
        CheckFirstKeys(firstKey, shape);
        AttentionOperands operands = new()
        {
            Shape = shape, Kernels = kernels, Output = Of(into).Floats, LogSumExp = Of(logSumExp).Floats, Query = Of(query).Floats,
            Key = Of(key).Floats, Value = Of(value).Floats, FirstKey = firstKey is null ? null : Of(firstKey).Ints,
        };
        if (shape.Queries <= DirectQueries)
        {
            scratch.Run(shape.Batch * shape.Queries * shape.QueryHeads, new DirectAttentionBody { Operands = operands, Scratch = scratch });
            return;
        }

        int blocks = (shape.Queries + QueryBlock - 1) / QueryBlock;
        scratch.Run(shape.Batch * shape.QueryHeads * blocks, new AttentionBody { Operands = operands, Scratch = scratch, Gemm = gemm, Blocks = blocks });
    }

    /// <inheritdoc/>
    public override void AttentionBackward(
        Tensor queryGradient, Tensor keyGradient, Tensor valueGradient,
        Tensor outputGradient, Tensor output, Tensor logSumExp,
        Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape)
    {
        OperationChecks.AttentionBackward(
            queryGradient, keyGradient, valueGradient, outputGradient, output, logSumExp, query, key, value, firstKey, shape);
        CheckFirstKeys(firstKey, shape);
        AttentionOperands operands = new()
        {
            Shape = shape, Kernels = kernels, Output = Of(output).Floats, LogSumExp = Of(logSumExp).Floats, Query = Of(query).Floats,
            Key = Of(key).Floats, Value = Of(value).Floats, FirstKey = firstKey is null ? null : Of(firstKey).Ints,
        };
        Fill(queryGradient, 0);
        Fill(keyGradient, 0);
        Fill(valueGradient, 0);

        // Σ output · gradient of each query and head: the same for all of its keys.
        int heads = shape.Batch * shape.Queries * shape.QueryHeads;
        CpuTensor along = memory.Rent(new Shape(Math.Max(1, heads)), DType.Float32);
        ForRows(heads, shape.HeadSize, new AlongBody
        {
            Kernels = kernels, Along = along.Floats, Output = operands.Output, Gradient = Of(outputGradient).Floats, HeadSize = shape.HeadSize,
        });

        // Blocks of queries by blocks of keys, in diagonals: the blocks of one share neither queries nor keys, so they may run side
        // by side, and each gradient still gets its parts in one order. A block of a few heads is a short tile to wait for.
        int queryBlocks = (shape.Queries + QueryBlock - 1) / QueryBlock, keyBlocks = (shape.Keys + KeyBlock - 1) / KeyBlock;
        for (int diagonal = 0; diagonal < queryBlocks + keyBlocks - 1; diagonal++)
        {
            int first = Math.Max(0, diagonal - queryBlocks + 1), end = Math.Min(diagonal, keyBlocks - 1) + 1;

            // Queries see no later keys: of a diagonal's blocks with more keys and fewer queries nothing may be left.
            while (end > first && (end - 1) * KeyBlock > LastKey(diagonal - (end - 1)))
                end--;
            if (end == first)
                continue;
            scratch.Run(shape.Batch * shape.KeyValueHeads * (end - first), new AttentionBackwardBody
            {
                Operands = operands, Scratch = scratch, Gemm = gemm, Dq = Of(queryGradient).Floats, Dk = Of(keyGradient).Floats,
                Dv = Of(valueGradient).Floats, Dy = Of(outputGradient).Floats, Along = along.Floats,
                Diagonal = diagonal, FirstKeyBlock = first, Blocks = end - first,
            });
        }

        memory.Return(along);

        int LastKey(int queryBlock) => shape.Offset + Math.Min((queryBlock + 1) * QueryBlock, shape.Queries) - 1;
    }

    // Read through pointers: a position outside the sequence must not get that far.
    private static void CheckFirstKeys(Tensor? firstKey, AttentionShape shape)
    {
        if (firstKey is not null)
            OperationChecks.FirstKeys(new ReadOnlySpan<int>(Of(firstKey).Ints, (int)firstKey.Shape.Count), shape);
    }

    private struct AttentionOperands
    {
        public AttentionShape Shape;
        public VectorKernels Kernels;
        public float* Output;
        public float* LogSumExp;
        public float* Query;
        public float* Key;
        public float* Value;
        public int* FirstKey;

        public readonly int QueryStride => Shape.QueryHeads * Shape.HeadSize;

        public readonly int KeyStride => Shape.KeyValueHeads * Shape.HeadSize;

        public readonly long QueryAt(int batch, int query, int head) =>
            (((long)batch * Shape.Queries) + query) * QueryStride + ((long)head * Shape.HeadSize);

        public readonly long KeyAt(int batch, int key, int head) =>
            (((long)batch * Shape.Keys) + key) * KeyStride + ((long)head * Shape.HeadSize);

        public readonly int First(int batch, int query) => FirstKey is null ? 0 : FirstKey[(batch * Shape.Queries) + query];

        /// <summary>The first key that any of these queries sees, rounded down to a block's edge.</summary>
        public readonly int FirstBlock(int batch, int query, int count)
        {
            int first = int.MaxValue;
            for (int i = 0; i < count; i++)
                first = Math.Min(first, First(batch, query + i));
            return first / KeyBlock * KeyBlock;
        }
    }

    private struct DirectAttentionBody : IParallelBody
    {
        public AttentionOperands Operands;
        public CpuScratch Scratch;

        public readonly void Run(int tile, int worker)
        {
            AttentionShape s = Operands.Shape;
            int head = tile % s.QueryHeads, query = tile / s.QueryHeads % s.Queries, batch = tile / (s.QueryHeads * s.Queries);
            int first = Operands.First(batch, query), last = s.Offset + query;
            float* scores = Scratch.Own(worker, s.Keys);
            float* q = Operands.Query + Operands.QueryAt(batch, query, head);
            int keyHead = head / s.Group;
            int count = last - first + 1;
            for (int i = 0; i < count; i++)
                scores[i] = s.Scale * Operands.Kernels.Dot(q, Operands.Key + Operands.KeyAt(batch, first + i, keyHead), s.HeadSize);
            float max = Operands.Kernels.Max(scores, count);
            float sum = Operands.Kernels.ExpSum(scores, max, count);
            float* to = Operands.Output + Operands.QueryAt(batch, query, head);
            new Span<float>(to, s.HeadSize).Clear();
            for (int i = 0; i < count; i++)
                Operands.Kernels.AddScaled(to, Operands.Value + Operands.KeyAt(batch, first + i, keyHead), scores[i] / sum, s.HeadSize);
            Operands.LogSumExp[((((long)batch * s.Queries) + query) * s.QueryHeads) + head] = max + MathF.Log(sum);
        }
    }

    private struct AttentionBody : IParallelBody
    {
        public AttentionOperands Operands;
        public CpuScratch Scratch;
        public Gemm.Gemm Gemm;
        public int Blocks;

        public readonly void Run(int tile, int worker)
        {
            AttentionShape s = Operands.Shape;
            int block = tile % Blocks, head = tile / Blocks % s.QueryHeads, batch = tile / (Blocks * s.QueryHeads);
            int start = block * QueryBlock, count = Math.Min(QueryBlock, s.Queries - start);
            int keyHead = head / s.Group;
            long products = Math.Max(Gemm.WorkspaceFloats(QueryBlock, KeyBlock, s.HeadSize), Gemm.WorkspaceFloats(QueryBlock, s.HeadSize, KeyBlock));
            float* own = Scratch.Own(worker, products + (QueryBlock * KeyBlock) + (2 * QueryBlock));
            float* scores = own + products, max = scores + (QueryBlock * KeyBlock), sum = max + QueryBlock;
            new Span<float>(max, count).Fill(float.NegativeInfinity);
            new Span<float>(sum, count).Clear();
            float* output = Operands.Output + Operands.QueryAt(batch, start, head);
            for (int i = 0; i < count; i++)
                new Span<float>(output + ((long)i * Operands.QueryStride), s.HeadSize).Clear();
            MatrixView q = new((nint)(Operands.Query + Operands.QueryAt(batch, start, head)), DType.Float32, Operands.QueryStride, true);
            int last = s.Offset + start + count - 1;
            for (int key = Operands.FirstBlock(batch, start, count); key <= last; key += KeyBlock)
            {
                int keys = Math.Min(KeyBlock, last + 1 - key);
                MatrixView k = new((nint)(Operands.Key + Operands.KeyAt(batch, key, keyHead)), DType.Float32, Operands.KeyStride, true);
                MatrixView v = new((nint)(Operands.Value + Operands.KeyAt(batch, key, keyHead)), DType.Float32, Operands.KeyStride, false);
                Gemm.MultiplyHere(own, scores, keys, q, k, count, keys, s.HeadSize, accumulate: false, s.Scale);
                for (int i = 0; i < count; i++)
                    SoftmaxStep(scores + ((long)i * keys), key, keys, batch, start + i, ref max[i], ref sum[i], output + ((long)i * Operands.QueryStride));
                MatrixView p = new((nint)scores, DType.Float32, keys, true);
                Gemm.MultiplyHere(own, output, Operands.QueryStride, p, v, count, s.HeadSize, keys, accumulate: true, 1);
            }

            for (int i = 0; i < count; i++)
            {
                float* row = output + ((long)i * Operands.QueryStride);
                Operands.Kernels.Scale(row, row, 1 / sum[i], s.HeadSize);
                Operands.LogSumExp[((((long)batch * s.Queries) + start + i) * s.QueryHeads) + head] = max[i] + MathF.Log(sum[i]);
            }
        }

        // Online softmax (Milakov and Gimelshein 2018, arXiv 1805.02867): what came before is rescaled when a larger score turns up.
        private readonly void SoftmaxStep(float* scores, int key, int keys, int batch, int query, ref float max, ref float sum, float* output)
        {
            AttentionShape s = Operands.Shape;
            int from = Math.Clamp(Operands.First(batch, query) - key, 0, keys), to = Math.Clamp(s.Offset + query + 1 - key, 0, keys);
            if (from >= to)
            {
                new Span<float>(scores, keys).Clear();
                return;
            }

            new Span<float>(scores, from).Clear();
            new Span<float>(scores + to, keys - to).Clear();
            float newMax = Math.Max(max, Operands.Kernels.Max(scores + from, to - from));
            if (newMax > max && sum > 0)
            {
                float factor = MathF.Exp(max - newMax);
                sum *= factor;
                Operands.Kernels.Scale(output, output, factor, s.HeadSize);
            }

            max = newMax;
            sum += Operands.Kernels.ExpSum(scores + from, newMax, to - from);
        }
    }

    private struct AlongBody : IRowBody
    {
        public VectorKernels Kernels;
        public float* Along;
        public float* Output;
        public float* Gradient;
        public int HeadSize;

        public readonly void Rows(int first, int count)
        {
            for (long r = first; r < first + count; r++)
                Along[r] = Kernels.Dot(Output + (r * HeadSize), Gradient + (r * HeadSize), HeadSize);
        }
    }

    // A block of queries by a block of keys, for one key head of one sequence with all query heads that share it.
    private struct AttentionBackwardBody : IParallelBody
    {
        public AttentionOperands Operands;
        public CpuScratch Scratch;
        public Gemm.Gemm Gemm;
        public float* Dq;
        public float* Dk;
        public float* Dv;
        public float* Dy;
        public float* Along;
        public int Diagonal;
        public int FirstKeyBlock;
        public int Blocks;

        public readonly void Run(int tile, int worker)
        {
            AttentionShape s = Operands.Shape;
            int keyBlock = FirstKeyBlock + (tile % Blocks), keyHead = tile / Blocks % s.KeyValueHeads, batch = tile / (Blocks * s.KeyValueHeads);
            int start = (Diagonal - keyBlock) * QueryBlock, count = Math.Min(QueryBlock, s.Queries - start);
            int key = keyBlock * KeyBlock, keys = Math.Min(KeyBlock, s.Offset + start + count - key);
            if (key < Operands.FirstBlock(batch, start, count))
                return;
            long products = Math.Max(
                Gemm.WorkspaceFloats(QueryBlock, KeyBlock, s.HeadSize),
                Math.Max(Gemm.WorkspaceFloats(QueryBlock, s.HeadSize, KeyBlock), Gemm.WorkspaceFloats(KeyBlock, s.HeadSize, QueryBlock)));
            float* own = Scratch.Own(worker, products + (2 * QueryBlock * KeyBlock));
            float* probabilities = own + products, scoreGradients = probabilities + (QueryBlock * KeyBlock);
            for (int head = keyHead * s.Group; head < (keyHead + 1) * s.Group; head++)
                Block(batch, head, keyHead, start, count, key, keys, own, probabilities, scoreGradients);
        }

        private readonly void Block(int batch, int head, int keyHead, int start, int count, int key, int keys, float* own, float* p, float* ds)
        {
            AttentionShape s = Operands.Shape;
            int queryStride = Operands.QueryStride, keyStride = Operands.KeyStride;
            long at = Operands.QueryAt(batch, start, head), keyAt = Operands.KeyAt(batch, key, keyHead);
            MatrixView q = new((nint)(Operands.Query + at), DType.Float32, queryStride, true);
            MatrixView dy = new((nint)(Dy + at), DType.Float32, queryStride, true);
            MatrixView k = new((nint)(Operands.Key + keyAt), DType.Float32, keyStride, true);
            MatrixView v = new((nint)(Operands.Value + keyAt), DType.Float32, keyStride, true);
            Gemm.MultiplyHere(own, p, keys, q, k, count, keys, s.HeadSize, accumulate: false, s.Scale);
            Gemm.MultiplyHere(own, ds, keys, dy, v, count, keys, s.HeadSize, accumulate: false, 1);
            for (int i = 0; i < count; i++)
                ScoreGradients(p + ((long)i * keys), ds + ((long)i * keys), key, keys, batch, start + i, head);

            MatrixView dsRows = new((nint)ds, DType.Float32, keys, true);
            Gemm.MultiplyHere(own, Dq + at, queryStride, dsRows, k with { DepthIsContiguous = false }, count, s.HeadSize, keys, true, s.Scale);
            MatrixView dsColumns = new((nint)ds, DType.Float32, keys, false), pColumns = new((nint)p, DType.Float32, keys, false);
            Gemm.MultiplyHere(own, Dk + keyAt, keyStride, dsColumns, q with { DepthIsContiguous = false }, keys, s.HeadSize, count, true, s.Scale);
            Gemm.MultiplyHere(own, Dv + keyAt, keyStride, pColumns, dy with { DepthIsContiguous = false }, keys, s.HeadSize, count, true, 1);
        }

        // p holds scaled scores and becomes probabilities; ds holds dy · v and becomes p · (ds − Σ output · dy).
        private readonly void ScoreGradients(float* p, float* ds, int key, int keys, int batch, int query, int head)
        {
            AttentionShape s = Operands.Shape;
            int from = Math.Clamp(Operands.First(batch, query) - key, 0, keys), to = Math.Clamp(s.Offset + query + 1 - key, 0, keys);
            long row = ((((long)batch * s.Queries) + query) * s.QueryHeads) + head;
            if (from >= to)
                (from, to) = (keys, keys);
            new Span<float>(p, from).Clear();
            new Span<float>(ds, from).Clear();
            new Span<float>(p + to, keys - to).Clear();
            new Span<float>(ds + to, keys - to).Clear();
            Operands.Kernels.ExpSum(p + from, Operands.LogSumExp[row], to - from);
            Operands.Kernels.ScoreGradients(ds + from, p + from, Along[row], to - from);
        }
    }
}
