using CodeTuner.Tensors.Cpu.Kernels;

namespace CodeTuner.Tensors.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Blocks whose scores and operands stay in the second-level cache: multiples of the kernels' rows and columns.
    private const int QueryBlock = 96;
    private const int KeyBlock = 192;

    /// <inheritdoc/>
    public override void Attention(Tensor into, Tensor logSumExp, Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape)
    {
        OperationChecks.Attention(into, logSumExp, query, key, value, firstKey, shape);
        CheckFirstKeys(firstKey, shape);
        AttentionOperands operands = new()
        {
            Shape = shape, Kernels = kernels, Blocks = attentionKernels, Output = Of(into).Floats, LogSumExp = Of(logSumExp).Floats, Query = Of(query).Floats,
            Key = Of(key).Floats, Value = Of(value).Floats, FirstKey = firstKey is null ? null : Of(firstKey).Ints,
        };
        if (shape.Queries <= DirectQueries)
        {
            DirectAttention(operands);
            return;
        }

        int blocks = (shape.Queries + QueryBlock - 1) / QueryBlock;
        scratch.Run(shape.Batch * shape.QueryHeads * blocks, new AttentionBody { Operands = operands, Scratch = scratch, QueryBlocks = blocks });
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
            Shape = shape, Kernels = kernels, Blocks = attentionKernels, Output = Of(output).Floats, LogSumExp = Of(logSumExp).Floats, Query = Of(query).Floats,
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
                Operands = operands, Scratch = scratch, Dq = Of(queryGradient).Floats, Dk = Of(keyGradient).Floats,
                Dv = Of(valueGradient).Floats, Dy = Of(outputGradient).Floats, Along = along.Floats,
                Diagonal = diagonal, FirstKeyBlock = first, KeyBlocks = end - first,
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
        public AttentionKernels Blocks;
        public float* Output;
        public float* LogSumExp;
        public float* Query;
        public float* Key;
        public float* Value;
        public int* FirstKey;

        public readonly int QueryStride => Shape.QueryHeads * Shape.HeadSize;

        public readonly int KeyStride => Shape.KeyValueHeads * Shape.HeadSize;

        /// <summary>A head's size in whole columns of the kernels.</summary>
        public readonly int Width => RoundUp(Shape.HeadSize, Blocks.Columns);

        public readonly long QueryAt(int batch, int query, int head) =>
            (((long)batch * Shape.Queries) + query) * QueryStride + ((long)head * Shape.HeadSize);

        public readonly long KeyAt(int batch, int key, int head) =>
            (((long)batch * Shape.Keys) + key) * KeyStride + ((long)head * Shape.HeadSize);

        /// <summary>Where a query's log-sum-exp lies, and its Σ output · gradient.</summary>
        public readonly long SumAt(int batch, int query, int head) => ((((long)batch * Shape.Queries) + query) * Shape.QueryHeads) + head;

        public readonly int First(int batch, int query) => FirstKey is null ? 0 : FirstKey[(batch * Shape.Queries) + query];

        /// <summary>The first key that any of these queries sees.</summary>
        public readonly int First(int batch, int query, int count)
        {
            int first = int.MaxValue;
            for (int i = 0; i < count; i++)
                first = Math.Min(first, First(batch, query + i));
            return first;
        }

        /// <summary>The same, rounded down to a block's edge.</summary>
        public readonly int FirstBlock(int batch, int query, int count) => First(batch, query, count) / KeyBlock * KeyBlock;

        /// <summary>The keys that a strip of queries, one for each of the kernels' columns, sees of a block.</summary>
        /// <param name="batch">The sequence.</param>
        /// <param name="query">The strip's first query.</param>
        /// <param name="count">How many of its queries there are.</param>
        /// <param name="key">The block's first key.</param>
        /// <param name="keys">How many there are.</param>
        /// <returns>From where on, at one of the kernels' rows, and how many. Whoever sees less of them has to be masked.</returns>
        public readonly (int From, int Count) Seen(int batch, int query, int count, int key, int keys)
        {
            int to = Math.Clamp(Shape.Offset + query + count - key, 0, keys);
            int from = Math.Max(0, First(batch, query, count) - key) / Blocks.Rows * Blocks.Rows;
            return (from, Math.Max(0, RoundUp(to, Blocks.Rows) - from));
        }

        /// <summary>What each query of a strip sees, for the kernels' mask; queries that are none see all.</summary>
        public readonly void Limits(float* first, float* last, int batch, int query, int count)
        {
            for (int i = 0; i < Blocks.Columns; i++)
                (first[i], last[i]) = i < count ? (First(batch, query + i), Shape.Offset + query + i) : (0, float.MaxValue);
        }

        /// <summary>Whether some key is hidden from some query of a strip.</summary>
        public readonly bool HidesSome(float* first, int query, int count, int key, int keys)
        {
            bool hides = key + keys - 1 > Shape.Offset + query;
            for (int i = 0; i < count; i++)
                hides |= first[i] > key;
            return hides;
        }

        public static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

        /// <summary>Copies rows of a head, which lie apart, to (count, <see cref="Width"/>); then come rows of zeros.</summary>
        public readonly void Gather(float* into, float* from, int stride, int count, int rows)
        {
            int width = Width, size = Shape.HeadSize;
            for (int i = 0; i < count; i++, into += width, from += stride)
            {
                new ReadOnlySpan<float>(from, size).CopyTo(new Span<float>(into, size));
                new Span<float>(into + size, width - size).Clear();
            }

            new Span<float>(into, (rows - count) * width).Clear();
        }
    }
}
