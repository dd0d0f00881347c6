using System.Runtime.CompilerServices;
using CodeTuner.Tensors.Cpu.Simd;

namespace CodeTuner.Tensors.Cpu.Gemm;

/// <summary>
/// A micro-kernel of 6 rows by two registers: 12 accumulators, for 16 registers.
/// </summary>
internal readonly unsafe struct MicroKernel6x2<T> : IMicroKernel
    where T : struct, ISimd<T>
{
    public static int Rows => 6;

    public static int Columns => 2 * T.Width;

    // Two rows are too few accumulators to hide how long a multiply-add takes.
    public static int FewRows => Rows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int depth, float* a, float* b, long bStep, float* c, long stride, bool accumulate, float scale)
    {
        for (int i = 0; i < Rows; i++)
        {
            T.Prefetch(c + (i * stride));
            T.Prefetch(c + (i * stride) + T.Width);
        }

        T c0a = T.Zero, c0b = T.Zero;
        T c1a = T.Zero, c1b = T.Zero;
        T c2a = T.Zero, c2b = T.Zero;
        T c3a = T.Zero, c3b = T.Zero;
        T c4a = T.Zero, c4b = T.Zero;
        T c5a = T.Zero, c5b = T.Zero;
        for (int k = 0; k < depth; k++)
        {
            T ba = T.Load(b), bb = T.Load(b + T.Width);
            T a0 = T.Broadcast(a[0]);
            c0a = T.MultiplyAdd(a0, ba, c0a);
            c0b = T.MultiplyAdd(a0, bb, c0b);
            T a1 = T.Broadcast(a[1]);
            c1a = T.MultiplyAdd(a1, ba, c1a);
            c1b = T.MultiplyAdd(a1, bb, c1b);
            T a2 = T.Broadcast(a[2]);
            c2a = T.MultiplyAdd(a2, ba, c2a);
            c2b = T.MultiplyAdd(a2, bb, c2b);
            T a3 = T.Broadcast(a[3]);
            c3a = T.MultiplyAdd(a3, ba, c3a);
            c3b = T.MultiplyAdd(a3, bb, c3b);
            T a4 = T.Broadcast(a[4]);
            c4a = T.MultiplyAdd(a4, ba, c4a);
            c4b = T.MultiplyAdd(a4, bb, c4b);
            T a5 = T.Broadcast(a[5]);
            c5a = T.MultiplyAdd(a5, ba, c5a);
            c5b = T.MultiplyAdd(a5, bb, c5b);
            a += 6;
            b += bStep;
        }

        T factor = T.Broadcast(scale);
        Store(c, c0a, c0b, accumulate, factor);
        Store(c + stride, c1a, c1b, accumulate, factor);
        Store(c + (2 * stride), c2a, c2b, accumulate, factor);
        Store(c + (3 * stride), c3a, c3b, accumulate, factor);
        Store(c + (4 * stride), c4a, c4b, accumulate, factor);
        Store(c + (5 * stride), c5a, c5b, accumulate, factor);
    }

    public static void RunFew(int depth, float* a, float* b, long bStep, float* c, long stride, bool accumulate, float scale) =>
        Run(depth, a, b, bStep, c, stride, accumulate, scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, T left, T right, bool accumulate, T factor)
    {
        if (accumulate)
        {
            T.Store(T.MultiplyAdd(left, factor, T.Load(c)), c);
            T.Store(T.MultiplyAdd(right, factor, T.Load(c + T.Width)), c + T.Width);
        }
        else
        {
            T.Store(left * factor, c);
            T.Store(right * factor, c + T.Width);
        }
    }
}
