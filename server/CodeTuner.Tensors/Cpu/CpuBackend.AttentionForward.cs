using CodeTuner.Tensors.Cpu.Gemm;
using CodeTuner.Tensors.Cpu.Threading;

namespace CodeTuner.Tensors.Cpu;

public sealed unsafe partial class CpuBackend
{
    // A block of queries of one head, with all keys that they see.
    private struct AttentionBody : IParallelBody
    {
        public AttentionOperands Operands;
        public CpuScratch Scratch;
        public int QueryBlocks;

        public readonly void Run(int tile, int worker)
        {
            AttentionShape s = Operands.Shape;
            int block = tile % QueryBlocks, head = tile / QueryBlocks % s.QueryHeads, batch = tile / (QueryBlocks * s.QueryHeads);
            int start = block * QueryBlock, count = Math.Min(QueryBlock, s.Queries - start);
            int strip = Operands.Blocks.Columns, width = Operands.Width, strips = AttentionOperands.RoundUp(count, strip) / strip;
            Buffers buffers = new(Scratch, worker, s.HeadSize, width, strip);
            for (int i = 0; i < strips; i++)
            {
                int query = start + (i * strip), queries = Math.Min(strip, start + count - query);
                float* turned = buffers.Queries + (i * strip * s.HeadSize);
                Packing.Transpose(turned, strip, Operands.Query + Operands.QueryAt(batch, query, head), Operands.QueryStride, queries, s.HeadSize);
                Operands.Kernels.Scale(turned, turned, s.Scale, strip * s.HeadSize);
                Operands.Limits(buffers.First + (i * strip), buffers.Last + (i * strip), batch, query, queries);
            }

            new Span<float>(buffers.Output, strips * strip * width).Clear();
            new Span<float>(buffers.Max, strips * strip).Fill(float.MinValue);
            new Span<float>(buffers.Sum, strips * strip).Clear();
            int end = s.Offset + start + count, keyHead = head / s.Group;
            for (int key = Operands.FirstBlock(batch, start, count); key < end; key += KeyBlock)
            {
                int keys = Math.Min(KeyBlock, end - key), rows = AttentionOperands.RoundUp(keys, Operands.Blocks.Rows);
                Operands.Gather(buffers.Keys, Operands.Key + Operands.KeyAt(batch, key, keyHead), Operands.KeyStride, keys, rows);
                Operands.Gather(buffers.Values, Operands.Value + Operands.KeyAt(batch, key, keyHead), Operands.KeyStride, keys, rows);
                for (int i = 0; i < strips; i++)
                {
                    int query = start + (i * strip);
                    Strip(buffers, i * strip, batch, query, Math.Min(strip, start + count - query), key, keys);
                }
            }

            for (int i = 0; i < count; i++)
            {
                float* to = Operands.Output + Operands.QueryAt(batch, start + i, head);
                Operands.Kernels.Scale(to, buffers.Output + ((long)i * width), 1 / buffers.Sum[i], s.HeadSize);
                Operands.LogSumExp[Operands.SumAt(batch, start + i, head)] = buffers.Max[i] + MathF.Log(buffers.Sum[i]);
            }
        }

        // Some queries, from the one at `at` of the block on, with a block of keys.
        private readonly void Strip(in Buffers buffers, int at, int batch, int query, int queries, int key, int keys)
        {
            int strip = Operands.Blocks.Columns, width = Operands.Width, size = Operands.Shape.HeadSize;
            (int from, int seen) = Operands.Seen(batch, query, queries, key, keys);
            if (seen == 0)
                return;
            Operands.Blocks.Multiply(buffers.Scores, strip, buffers.Keys + (from * width), width, 1, buffers.Queries + (at * size), strip, seen, strip, size, accumulate: false);
            if (Operands.HidesSome(buffers.First + at, query, queries, key + from, seen))
                Operands.Blocks.Mask(buffers.Scores, strip, seen, key + from, buffers.First + at, buffers.Last + at);
            Operands.Blocks.Softmax(buffers.Scores, strip, seen, buffers.Max + at, buffers.Sum + at, buffers.Factor);
            float* output = buffers.Output + (at * width);
            for (int i = 0; i < queries; i++)
                Operands.Kernels.Scale(output + (i * width), output + (i * width), buffers.Factor[i], width);
            Operands.Blocks.Multiply(output, width, buffers.Scores, 1, strip, buffers.Values + (from * width), width, strip, width, seen, accumulate: true);
        }

        // A worker's memory for one block. D: the head's size; W: the same in whole columns.
        private readonly ref struct Buffers
        {
            public readonly float* Keys; // (keys, W)
            public readonly float* Values; // (keys, W)
            public readonly float* Queries; // strips of (D, queries), scaled
            public readonly float* Output; // (queries, W)
            public readonly float* Scores; // (keys, a strip's queries)
            public readonly float* Max; // of each query, and so are the others
            public readonly float* Sum;
            public readonly float* First;
            public readonly float* Last;
            public readonly float* Factor;

            public Buffers(CpuScratch scratch, int worker, int size, int width, int strip)
            {
                Keys = scratch.Own(worker, (2L * KeyBlock * width) + ((long)QueryBlock * (size + width)) + (KeyBlock * strip) + (5 * QueryBlock));
                Values = Keys + (KeyBlock * width);
                Queries = Values + (KeyBlock * width);
                Output = Queries + (QueryBlock * size);
                Scores = Output + (QueryBlock * width);
                Max = Scores + (KeyBlock * strip);
                Sum = Max + QueryBlock;
                First = Sum + QueryBlock;
                Last = First + QueryBlock;
                Factor = Last + QueryBlock;
            }
        }
    }
}
