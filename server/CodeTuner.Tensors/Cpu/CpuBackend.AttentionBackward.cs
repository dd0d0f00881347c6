using CodeTuner.Tensors.Cpu.Gemm;
using CodeTuner.Tensors.Cpu.Kernels;
using CodeTuner.Tensors.Cpu.Threading;

namespace CodeTuner.Tensors.Cpu;

public sealed unsafe partial class CpuBackend
{
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
        public float* Dq;
        public float* Dk;
        public float* Dv;
        public float* Dy;
        public float* Along;
        public int Diagonal;
        public int FirstKeyBlock;
        public int KeyBlocks;

        public readonly void Run(int tile, int worker)
        {
            AttentionShape s = Operands.Shape;
            int keyBlock = FirstKeyBlock + (tile % KeyBlocks), keyHead = tile / KeyBlocks % s.KeyValueHeads, batch = tile / (KeyBlocks * s.KeyValueHeads);
            int start = (Diagonal - keyBlock) * QueryBlock, count = Math.Min(QueryBlock, s.Queries - start);
            int key = keyBlock * KeyBlock, keys = Math.Min(KeyBlock, s.Offset + start + count - key);
            if (key < Operands.FirstBlock(batch, start, count))
                return;
            int width = Operands.Width, rows = AttentionOperands.RoundUp(keys, Operands.Blocks.Rows);
            long keyAt = Operands.KeyAt(batch, key, keyHead);
            Buffers buffers = new(Scratch, worker, s.HeadSize, width);
            Operands.Gather(buffers.Keys, Operands.Key + keyAt, Operands.KeyStride, keys, rows);
            Operands.Gather(buffers.Values, Operands.Value + keyAt, Operands.KeyStride, keys, rows);
            for (int head = keyHead * s.Group; head < (keyHead + 1) * s.Group; head++)
                Head(buffers, batch, head, start, count, key, keys, accumulate: head > keyHead * s.Group);
            for (int i = 0; i < keys; i++)
            {
                long to = keyAt + ((long)i * Operands.KeyStride);
                Operands.Kernels.AddScaled(Dk + to, buffers.Dk + (i * width), s.Scale, s.HeadSize);
                Operands.Kernels.AddScaled(Dv + to, buffers.Dv + (i * width), 1, s.HeadSize);
            }
        }

        private readonly void Head(in Buffers buffers, int batch, int head, int start, int count, int key, int keys, bool accumulate)
        {
            AttentionShape s = Operands.Shape;
            int strip = Operands.Blocks.Columns, width = Operands.Width;
            long at = Operands.QueryAt(batch, start, head);
            Operands.Gather(buffers.Queries, Operands.Query + at, Operands.QueryStride, count, count);
            Operands.Gather(buffers.Dy, Dy + at, Operands.QueryStride, count, count);
            for (int i = 0; i < count; i += strip)
                Strip(buffers, i, batch, head, start + i, Math.Min(strip, count - i), key, keys);
            for (int i = 0; i < count; i++)
                Operands.Kernels.AddScaled(Dq + at + ((long)i * Operands.QueryStride), buffers.Dq + (i * width), s.Scale, s.HeadSize);

            // Keys that the first strip sees get their gradients from all of the block's queries, later ones from later strips alone.
            int done = 0;
            for (int i = 0; i < count; i += strip)
            {
                int seen = Reach(start + i, Math.Min(strip, count - i), key, keys);
                if (seen == done)
                    continue;
                float* p = buffers.Scores + (done * QueryBlock) + i, ds = buffers.Gradients + (done * QueryBlock) + i;
                Operands.Blocks.Multiply(buffers.Dv + (done * width), width, p, QueryBlock, 1, buffers.Dy + (i * width), width, seen - done, width, count - i, accumulate);
                Operands.Blocks.Multiply(buffers.Dk + (done * width), width, ds, QueryBlock, 1, buffers.Queries + (i * width), width, seen - done, width, count - i, accumulate);
                done = seen;
            }
        }

        // The queries of a strip: their probabilities, the gradients of their scores, and their own.
        private readonly void Strip(in Buffers buffers, int at, int batch, int head, int query, int queries, int key, int keys)
        {
            AttentionShape s = Operands.Shape;
            int strip = Operands.Blocks.Columns, width = Operands.Width, size = s.HeadSize;
            (int from, int seen) = Operands.Seen(batch, query, queries, key, keys);
            float* p = buffers.Scores + at, ds = buffers.Gradients + at, dq = buffers.Dq + (at * width);
            int hidden = seen == 0 ? Reach(query, queries, key, keys) : from;
            for (int i = 0; i < hidden; i++)
            {
                new Span<float>(p + (i * QueryBlock), strip).Clear();
                new Span<float>(ds + (i * QueryBlock), strip).Clear();
            }

            if (seen == 0)
            {
                new Span<float>(dq, strip * width).Clear();
                return;
            }

            p += from * QueryBlock;
            ds += from * QueryBlock;
            Packing.Transpose(buffers.Turned, strip, buffers.Queries + (at * width), width, queries, size);
            Operands.Kernels.Scale(buffers.Turned, buffers.Turned, s.Scale, strip * size);
            Operands.Blocks.Multiply(p, QueryBlock, buffers.Keys + (from * width), width, 1, buffers.Turned, strip, seen, strip, size, accumulate: false);
            Packing.Transpose(buffers.Turned, strip, buffers.Dy + (at * width), width, queries, size);
            Operands.Blocks.Multiply(ds, QueryBlock, buffers.Values + (from * width), width, 1, buffers.Turned, strip, seen, strip, size, accumulate: false);
            Operands.Limits(buffers.First, buffers.Last, batch, query, queries);
            if (Operands.HidesSome(buffers.First, query, queries, key + from, seen))
                Operands.Blocks.Mask(p, QueryBlock, seen, key + from, buffers.First, buffers.Last);
            for (int i = 0; i < strip; i++)
            {
                long sum = Operands.SumAt(batch, query + i, head);
                (buffers.LogSumExp[i], buffers.Along[i]) = i < queries ? (Operands.LogSumExp[sum], Along[sum]) : (0, 0);
            }

            Operands.Blocks.ScoreGradients(p, ds, QueryBlock, seen, buffers.LogSumExp, buffers.Along);
            Operands.Blocks.Multiply(dq, width, ds, 1, QueryBlock, buffers.Keys + (from * width), width, strip, width, seen, accumulate: false);
        }

        // The keys of a block up to the last that a strip sees, in whole rows of the kernels.
        private readonly int Reach(int query, int queries, int key, int keys) =>
            AttentionOperands.RoundUp(Math.Clamp(Operands.Shape.Offset + query + queries - key, 0, keys), Operands.Blocks.Rows);

        // A worker's memory for one block. D: the head's size; W: the same in whole columns.
        private readonly ref struct Buffers
        {
            public readonly float* Keys; // (keys, W), and so are the next three
            public readonly float* Values;
            public readonly float* Dk;
            public readonly float* Dv;
            public readonly float* Queries; // (queries, W), and so are the next two
            public readonly float* Dy;
            public readonly float* Dq;
            public readonly float* Scores; // (keys, queries), and then probabilities
            public readonly float* Gradients; // of the scores
            public readonly float* Turned; // (D, a strip's queries)
            public readonly float* First; // of each query of a strip, and so are the others
            public readonly float* Last;
            public readonly float* LogSumExp;
            public readonly float* Along;

            public Buffers(CpuScratch scratch, int worker, int size, int width)
            {
                Keys = scratch.Own(worker, (4L * KeyBlock * width) + (3L * QueryBlock * width) + (2 * KeyBlock * QueryBlock) + ((long)QueryBlock * (size + 4)));
                Values = Keys + (KeyBlock * width);
                Dk = Values + (KeyBlock * width);
                Dv = Dk + (KeyBlock * width);
                Queries = Dv + (KeyBlock * width);
                Dy = Queries + (QueryBlock * width);
                Dq = Dy + (QueryBlock * width);
                Scores = Dq + (QueryBlock * width);
                Gradients = Scores + (KeyBlock * QueryBlock);
                Turned = Gradients + (KeyBlock * QueryBlock);
                First = Turned + (QueryBlock * size);
                Last = First + QueryBlock;
                LogSumExp = Last + QueryBlock;
                Along = LogSumExp + QueryBlock;
            }
        }
    }
}
