using System.Runtime.CompilerServices;
using CodeTuner.Tensors.Cpu.Simd;

namespace CodeTuner.Tensors.Cpu.Gemm;

/// <summary>
/// A micro-kernel of 12 rows by two registers: 24 accumulators, for the 32 registers of AVX-512.
/// </summary>
internal readonly unsafe struct MicroKernel12x2<T> : IMicroKernel
    where T : struct, ISimd<T>
{
    // How far ahead the operands are asked for: the processor does so itself, but not into the next page.
    private const int Ahead = 32;

    public static int Rows => 12;

    public static int Columns => 2 * T.Width;

    // Eight accumulators are just enough to hide how long a multiply-add takes.
    public static int FewRows => 4;

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
        T c6a = T.Zero, c6b = T.Zero;
        T c7a = T.Zero, c7b = T.Zero;
        T c8a = T.Zero, c8b = T.Zero;
        T c9a = T.Zero, c9b = T.Zero;
        T c10a = T.Zero, c10b = T.Zero;
        T c11a = T.Zero, c11b = T.Zero;
        long ahead = Ahead * bStep;
        for (int k = 0; k < depth; k++)
        {
            T.Prefetch(a + (Ahead * Rows));
            T.Prefetch(b + ahead);
            T.Prefetch(b + ahead + T.Width);
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
            T a6 = T.Broadcast(a[6]);
            c6a = T.MultiplyAdd(a6, ba, c6a);
            c6b = T.MultiplyAdd(a6, bb, c6b);
            T a7 = T.Broadcast(a[7]);
            c7a = T.MultiplyAdd(a7, ba, c7a);
            c7b = T.MultiplyAdd(a7, bb, c7b);
            T a8 = T.Broadcast(a[8]);
            c8a = T.MultiplyAdd(a8, ba, c8a);
            c8b = T.MultiplyAdd(a8, bb, c8b);
            T a9 = T.Broadcast(a[9]);
            c9a = T.MultiplyAdd(a9, ba, c9a);
            c9b = T.MultiplyAdd(a9, bb, c9b);
            T a10 = T.Broadcast(a[10]);
            c10a = T.MultiplyAdd(a10, ba, c10a);
            c10b = T.MultiplyAdd(a10, bb, c10b);
            T a11 = T.Broadcast(a[11]);
            c11a = T.MultiplyAdd(a11, ba, c11a);
            c11b = T.MultiplyAdd(a11, bb, c11b);
            a += 12;
            b += bStep;
        }

        T factor = T.Broadcast(scale);
        Store(c, c0a, c0b, accumulate, factor);
        Store(c + stride, c1a, c1b, accumulate, factor);
        Store(c + (2 * stride), c2a, c2b, accumulate, factor);
        Store(c + (3 * stride), c3a, c3b, accumulate, factor);
        Store(c + (4 * stride), c4a, c4b, accumulate, factor);
        Store(c + (5 * stride), c5a, c5b, accumulate, factor);
        Store(c + (6 * stride), c6a, c6b, accumulate, factor);
        Store(c + (7 * stride), c7a, c7b, accumulate, factor);
        Store(c + (8 * stride), c8a, c8b, accumulate, factor);
        Store(c + (9 * stride), c9a, c9b, accumulate, factor);
        Store(c + (10 * stride), c10a, c10b, accumulate, factor);
        Store(c + (11 * stride), c11a, c11b, accumulate, factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunFew(int depth, float* a, float* b, long bStep, float* c, long stride, bool accumulate, float scale)
    {
        T c0a = T.Zero, c0b = T.Zero;
        T c1a = T.Zero, c1b = T.Zero;
        T c2a = T.Zero, c2b = T.Zero;
        T c3a = T.Zero, c3b = T.Zero;
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
            a += Rows;
            b += bStep;
        }

        T factor = T.Broadcast(scale);
        Store(c, c0a, c0b, accumulate, factor);
        Store(c + stride, c1a, c1b, accumulate, factor);
        Store(c + (2 * stride), c2a, c2b, accumulate, factor);
        Store(c + (3 * stride), c3a, c3b, accumulate, factor);
    }

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
