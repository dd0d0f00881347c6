using CodeTuner.Tensors.Cpu.Threading;

namespace CodeTuner.Tensors.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Up to this many queries packing keys would cost more than it gives (a decoding step has one, or a few of a draft).
    private const int DirectQueries = 16;

    // Keys whose rows stay in the first-level cache while the queries pass by.
    private const int DirectKeys = 64;

    // Attention of few queries over keys and values as they lie. What a query gets is worked out in the same order however many
    // others there are: a token gets the same result in a step of its own and in one with a draft.
    private void DirectAttention(in AttentionOperands operands)
    {
        AttentionShape s = operands.Shape;
        int together = s.Queries * s.Group; // that share a key head

        // Together they read keys and values once; apart they keep more threads busy.
        int parts = Math.Clamp(Pool.Threads / Math.Max(1, s.Batch * s.KeyValueHeads), 1, Math.Max(1, together));
        int perPart = (together + parts - 1) / Math.Max(1, parts);
        scratch.Run(s.Batch * s.KeyValueHeads * parts, new DirectAttentionBody { Operands = operands, Scratch = scratch, Parts = parts, PerPart = perPart });
    }

    private struct DirectAttentionBody : IParallelBody
    {
        public AttentionOperands Operands;
        public CpuScratch Scratch;
        public int Parts;
        public int PerPart;

        public readonly void Run(int tile, int worker)
        {
            AttentionShape s = Operands.Shape;
            int part = tile % Parts, keyHead = tile / Parts % s.KeyValueHeads, batch = tile / (Parts * s.KeyValueHeads);
            int from = part * PerPart, end = Math.Min(from + PerPart, s.Queries * s.Group);
            if (from >= end)
                return;
            int firstQuery = from / s.Group, lastQuery = (end - 1) / s.Group;
            int first = int.MaxValue, last = s.Offset + lastQuery;
            for (int query = firstQuery; query <= lastQuery; query++)
                first = Math.Min(first, Operands.First(batch, query));
            float* scores = Scratch.Own(worker, (long)(end - from) * s.Keys);
            for (int key = first; key <= last; key += DirectKeys)
                Scores(scores, batch, keyHead, from, end, key, Math.Min(DirectKeys, last + 1 - key));
            for (int i = from; i < end; i++)
                Softmax(scores + ((long)(i - from) * s.Keys), batch, i / s.Group, Head(keyHead, i));
            for (int key = first; key <= last; key += DirectKeys)
            {
                for (int i = from; i < end; i++)
                    Sum(scores + ((long)(i - from) * s.Keys), batch, keyHead, i, key, Math.Min(key + DirectKeys, last + 1));
            }
        }

        private readonly int Head(int keyHead, int i) => (keyHead * Operands.Shape.Group) + (i % Operands.Shape.Group);

        // Of all keys for all queries: those that one does not see are not looked at later.
        private readonly void Scores(float* scores, int batch, int keyHead, int from, int end, int key, int count)
        {
            AttentionShape s = Operands.Shape;
            float* keys = Operands.Key + Operands.KeyAt(batch, key, keyHead);
            for (int i = from; i < end; i += 2)
            {
                int second = Math.Min(i + 1, end - 1);
                float* q0 = Operands.Query + Operands.QueryAt(batch, i / s.Group, Head(keyHead, i));
                float* q1 = Operands.Query + Operands.QueryAt(batch, second / s.Group, Head(keyHead, second));
                float* s0 = scores + ((long)(i - from) * s.Keys) + key, s1 = scores + ((long)(second - from) * s.Keys) + key;
                Operands.Kernels.Scores(s0, s1, q0, q1, keys, Operands.KeyStride, count, s.HeadSize);
            }
        }

        // The scores become weights that add up to one.
        private readonly void Softmax(float* scores, int batch, int query, int head)
        {
            AttentionShape s = Operands.Shape;
            int first = Operands.First(batch, query), count = s.Offset + query - first + 1;
            Operands.Kernels.Scale(scores + first, scores + first, s.Scale, count);
            float max = Operands.Kernels.Max(scores + first, count), sum = Operands.Kernels.ExpSum(scores + first, max, count);
            Operands.Kernels.Scale(scores + first, scores + first, 1 / sum, count);
            Operands.LogSumExp[Operands.SumAt(batch, query, head)] = max + MathF.Log(sum);
            new Span<float>(Operands.Output + Operands.QueryAt(batch, query, head), s.HeadSize).Clear();
        }

        private readonly void Sum(float* weights, int batch, int keyHead, int i, int key, int end)
        {
            AttentionShape s = Operands.Shape;
            int query = i / s.Group, from = Math.Max(key, Operands.First(batch, query)), to = Math.Min(end, s.Offset + query + 1);
            if (from >= to)
                return;
            Operands.Kernels.AddWeighted(
                Operands.Output + Operands.QueryAt(batch, query, Head(keyHead, i)), weights + from,
                Operands.Value + Operands.KeyAt(batch, from, keyHead), Operands.KeyStride, to - from, s.HeadSize);
        }
    }
}
