using System.Runtime.CompilerServices;

namespace CodeTuner.Tensors.Cpu.Kernels;

// Every sum is added up in one order, whatever is worked out beside it.
internal sealed unsafe partial class VectorKernelsOf<T>
{
    public override void Scores(float* s0, float* s1, float* q0, float* q1, float* keys, long stride, int count, int headSize)
    {
        int i = 0;
        for (; i + 4 <= count; i += 4)
        {
            if (q0 == q1)
                FourScores(s0 + i, q0, keys + (i * stride), stride, headSize);
            else
                TwoByFour<Float32Element<T>>(s0 + i, s1 + i, q0, q1, (byte*)(keys + (i * stride)), stride * sizeof(float), headSize);
            for (int j = i; j < i + 4 && headSize % W > 0; j++)
            {
                s0[j] = Ended<Float32Element<T>>(s0[j], q0, keys + (j * stride), headSize);
                if (q0 != q1)
                    s1[j] = Ended<Float32Element<T>>(s1[j], q1, keys + (j * stride), headSize);
            }
        }

        for (; i < count; i++)
        {
            s0[i] = One<Float32Element<T>>(q0, keys + (i * stride), headSize);
            s1[i] = One<Float32Element<T>>(q1, keys + (i * stride), headSize);
        }
    }

    public override void AddWeighted(float* to, float* weights, float* values, long stride, int count, int headSize)
    {
        int d = 0;
        for (; d + (4 * W) <= headSize; d += 4 * W)
            FourColumns(to + d, weights, values + d, stride, count);
        for (; d + W <= headSize; d += W)
        {
            T sum = T.Load(to + d);
            for (long i = 0; i < count; i++)
                sum = T.MultiplyAdd(T.Broadcast(weights[i]), T.Load(values + (i * stride) + d), sum);
            T.Store(sum, to + d);
        }

        for (; d < headSize; d++)
        {
            for (long i = 0; i < count; i++)
                to[d] += weights[i] * values[(i * stride) + d];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourColumns(float* to, float* weights, float* values, long stride, int count)
    {
        T s0 = T.Load(to), s1 = T.Load(to + W), s2 = T.Load(to + (2 * W)), s3 = T.Load(to + (3 * W));
        for (float* end = weights + count; weights < end; weights++, values += stride)
        {
            T weight = T.Broadcast(*weights);
            s0 = T.MultiplyAdd(weight, T.Load(values), s0);
            s1 = T.MultiplyAdd(weight, T.Load(values + W), s1);
            s2 = T.MultiplyAdd(weight, T.Load(values + (2 * W)), s2);
            s3 = T.MultiplyAdd(weight, T.Load(values + (3 * W)), s3);
        }

        T.Store(s0, to);
        T.Store(s1, to + W);
        T.Store(s2, to + (2 * W));
        T.Store(s3, to + (3 * W));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourScores(float* s, float* q, float* keys, long stride, int headSize)
    {
        float* k1 = keys + stride, k2 = k1 + stride, k3 = k2 + stride;
        T a0 = T.Zero, a1 = T.Zero, a2 = T.Zero, a3 = T.Zero;
        for (long d = 0; d + W <= headSize; d += W)
        {
            T x = T.Load(q + d);
            a0 = T.MultiplyAdd(x, T.Load(keys + d), a0);
            a1 = T.MultiplyAdd(x, T.Load(k1 + d), a1);
            a2 = T.MultiplyAdd(x, T.Load(k2 + d), a2);
            a3 = T.MultiplyAdd(x, T.Load(k3 + d), a3);
        }

        T.StoreSums(a0, a1, a2, a3, s);
    }
}
