using System.Runtime.CompilerServices;
using CodeTuner.Tensors.Cpu.Simd;

namespace CodeTuner.Tensors.Cpu.Kernels;

/// <summary><see cref="AttentionKernels"/> for registers of <typeparamref name="T"/>.</summary>
internal sealed unsafe class AttentionKernelsOf<T> : AttentionKernels
    where T : struct, ISimd<T>
{
    // Floats of B that stay in the first-level cache beside the rest.
    private const int NearFloats = 6144;

    // Lower than any score, and far enough from the largest number for a few of them to be added up.
    private const float Unseen = 1e30f;

    public override int Columns => 2 * W;

    // Sixteen accumulators need the 32 registers of AVX-512.
    public override int Rows => W == 16 ? 8 : 4;

    private static int W => T.Width;

    public override void Multiply(
        float* c, long cStride, float* a, long aRow, long aStep, float* b, long bStride, int rows, int columns, int depth, bool accumulate)
    {
        // B is used for each row of C: as much of it as stays near goes past all rows.
        int near = Math.Min(columns, Math.Max(1, NearFloats / Math.Max(1, depth) / Columns) * Columns);
        for (int from = 0; from < columns; from += near)
        {
            int to = Math.Min(columns, from + near);
            for (int row = 0; row < rows; row += Rows)
            {
                float* left = a + (row * aRow);
                for (int column = from; column < to; column += Columns)
                {
                    if (W == 16)
                        EightRows(c + (row * cStride) + column, cStride, left, aRow, aStep, b + column, bStride, depth, accumulate);
                    else
                        FourRows(c + (row * cStride) + column, cStride, left, aRow, aStep, b + column, bStride, depth, accumulate);
                }
            }
        }
    }

    public override void Mask(float* scores, long stride, int keys, int firstKey, float* first, float* last)
    {
        T unseen = T.Broadcast(-Unseen);
        for (int i = 0; i < Columns; i += W)
        {
            T from = T.Load(first + i), to = T.Load(last + i);
            float* at = scores + i;
            for (int k = 0; k < keys; k++, at += stride)
            {
                // How far the key lies outside.
                T key = T.Broadcast(firstKey + k), outside = T.Max(T.Zero, T.Max(from - key, key - to));
                T.Store(T.MultiplyAdd(outside, unseen, T.Load(at)), at);
            }
        }
    }

    public override void Softmax(float* scores, long stride, int keys, float* max, float* sum, float* factor)
    {
        T before0 = T.Load(max), before1 = T.Load(max + W), max0 = before0, max1 = before1;
        float* at = scores;
        for (int k = 0; k < keys; k++, at += stride)
        {
            max0 = T.Max(max0, T.Load(at));
            max1 = T.Max(max1, T.Load(at + W));
        }

        T factor0 = Exponential.Of(before0 - max0), factor1 = Exponential.Of(before1 - max1);
        T sum0 = T.Load(sum) * factor0, sum1 = T.Load(sum + W) * factor1;
        at = scores;
        for (int k = 0; k < keys; k++, at += stride)
        {
            T e0 = Exponential.Of(T.Load(at) - max0), e1 = Exponential.Of(T.Load(at + W) - max1);
            T.Store(e0, at);
            T.Store(e1, at + W);
            sum0 += e0;
            sum1 += e1;
        }

        Store(max, max0, max1);
        Store(sum, sum0, sum1);
        Store(factor, factor0, factor1);
    }

    public override void ScoreGradients(float* scores, float* gradients, long stride, int keys, float* logSumExp, float* along)
    {
        T log0 = T.Load(logSumExp), log1 = T.Load(logSumExp + W), along0 = T.Load(along), along1 = T.Load(along + W);
        for (int k = 0; k < keys; k++, scores += stride, gradients += stride)
        {
            T p0 = Exponential.Of(T.Load(scores) - log0), p1 = Exponential.Of(T.Load(scores + W) - log1);
            Store(scores, p0, p1);
            Store(gradients, p0 * (T.Load(gradients) - along0), p1 * (T.Load(gradients + W) - along1));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightRows(float* c, long cStride, float* a, long aRow, long aStep, float* b, long bStride, int depth, bool accumulate)
    {
        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow, a6 = a5 + aRow, a7 = a6 + aRow;
        T c0a = T.Zero, c0b = T.Zero, c1a = T.Zero, c1b = T.Zero, c2a = T.Zero, c2b = T.Zero, c3a = T.Zero, c3b = T.Zero;
        T c4a = T.Zero, c4b = T.Zero, c5a = T.Zero, c5b = T.Zero, c6a = T.Zero, c6b = T.Zero, c7a = T.Zero, c7b = T.Zero;
        long at = 0;
        for (int k = 0; k < depth; k++)
        {
            T ba = T.Load(b), bb = T.Load(b + W);
            T x = T.Broadcast(a[at]);
            c0a = T.MultiplyAdd(x, ba, c0a);
            c0b = T.MultiplyAdd(x, bb, c0b);
            x = T.Broadcast(a1[at]);
            c1a = T.MultiplyAdd(x, ba, c1a);
            c1b = T.MultiplyAdd(x, bb, c1b);
            x = T.Broadcast(a2[at]);
            c2a = T.MultiplyAdd(x, ba, c2a);
            c2b = T.MultiplyAdd(x, bb, c2b);
            x = T.Broadcast(a3[at]);
            c3a = T.MultiplyAdd(x, ba, c3a);
            c3b = T.MultiplyAdd(x, bb, c3b);
            x = T.Broadcast(a4[at]);
            c4a = T.MultiplyAdd(x, ba, c4a);
            c4b = T.MultiplyAdd(x, bb, c4b);
            x = T.Broadcast(a5[at]);
            c5a = T.MultiplyAdd(x, ba, c5a);
            c5b = T.MultiplyAdd(x, bb, c5b);
            x = T.Broadcast(a6[at]);
            c6a = T.MultiplyAdd(x, ba, c6a);
            c6b = T.MultiplyAdd(x, bb, c6b);
            x = T.Broadcast(a7[at]);
            c7a = T.MultiplyAdd(x, ba, c7a);
            c7b = T.MultiplyAdd(x, bb, c7b);
            at += aStep;
            b += bStride;
        }

        Put(c, c0a, c0b, accumulate);
        Put(c + cStride, c1a, c1b, accumulate);
        Put(c + (2 * cStride), c2a, c2b, accumulate);
        Put(c + (3 * cStride), c3a, c3b, accumulate);
        Put(c + (4 * cStride), c4a, c4b, accumulate);
        Put(c + (5 * cStride), c5a, c5b, accumulate);
        Put(c + (6 * cStride), c6a, c6b, accumulate);
        Put(c + (7 * cStride), c7a, c7b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows(float* c, long cStride, float* a, long aRow, long aStep, float* b, long bStride, int depth, bool accumulate)
    {
        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        T c0a = T.Zero, c0b = T.Zero, c1a = T.Zero, c1b = T.Zero, c2a = T.Zero, c2b = T.Zero, c3a = T.Zero, c3b = T.Zero;
        long at = 0;
        for (int k = 0; k < depth; k++)
        {
            T ba = T.Load(b), bb = T.Load(b + W);
            T x = T.Broadcast(a[at]);
            c0a = T.MultiplyAdd(x, ba, c0a);
            c0b = T.MultiplyAdd(x, bb, c0b);
            x = T.Broadcast(a1[at]);
            c1a = T.MultiplyAdd(x, ba, c1a);
            c1b = T.MultiplyAdd(x, bb, c1b);
            x = T.Broadcast(a2[at]);
            c2a = T.MultiplyAdd(x, ba, c2a);
            c2b = T.MultiplyAdd(x, bb, c2b);
            x = T.Broadcast(a3[at]);
            c3a = T.MultiplyAdd(x, ba, c3a);
            c3b = T.MultiplyAdd(x, bb, c3b);
            at += aStep;
            b += bStride;
        }

        Put(c, c0a, c0b, accumulate);
        Put(c + cStride, c1a, c1b, accumulate);
        Put(c + (2 * cStride), c2a, c2b, accumulate);
        Put(c + (3 * cStride), c3a, c3b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* c, T left, T right, bool accumulate)
    {
        if (accumulate)
            Store(c, left + T.Load(c), right + T.Load(c + W));
        else
            Store(c, left, right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, T left, T right)
    {
        T.Store(left, to);
        T.Store(right, to + W);
    }
}
