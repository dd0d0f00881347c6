using System.Runtime.CompilerServices;

namespace CodeTuner.Tensors.Cpu.Kernels;

internal sealed unsafe partial class VectorKernelsOf<T>
{
    public override void DotProducts(
        float* c, long stride, float* a, byte* b, DType type, int m, int n, int k, bool accumulate, float scale)
    {
        switch (type)
        {
            case DType.Float32:
                DotProducts<Float32Element<T>>(c, stride, a, b, type.RowBytes(k), m, n, k, accumulate, scale);
                break;
            case DType.BFloat16:
                DotProducts<BFloat16Element<T>>(c, stride, a, b, type.RowBytes(k), m, n, k, accumulate, scale);
                break;
            case DType.Float16:
                DotProducts<Float16Element<T>>(c, stride, a, b, type.RowBytes(k), m, n, k, accumulate, scale);
                break;
            default:
                throw new ArgumentException($"There are no dot products with {type}.", nameof(type));
        }
    }

    private static void DotProducts<TElement>(
        float* c, long stride, float* a, byte* b, long rowBytes, int m, int n, int k, bool accumulate, float scale)
        where TElement : struct, IStoredElement<T>
    {
        float* dots = stackalloc float[8];

        // Four rows of A stay in the first-level cache while B's rows pass by.
        int i = 0;
        for (; i + 4 <= m; i += 4)
        {
            float* rows = a + ((long)i * k), to = c + (i * stride);
            for (int j = 0; j < n; j += 2)
            {
                byte* first = b + (j * rowBytes), second = j + 1 < n ? first + rowBytes : first;
                FourByTwo<TElement>(dots, rows, first, second, k);
                for (int r = 0; r < 4; r++)
                {
                    Put(to + (r * stride) + j, dots[2 * r]);
                    if (j + 1 < n)
                        Put(to + (r * stride) + j + 1, dots[(2 * r) + 1]);
                }
            }
        }

        for (; i < m; i++)
        {
            for (int j = 0; j < n; j++)
                Put(c + (i * stride) + j, Dot<TElement>(a + ((long)i * k), b + (j * rowBytes), k));
        }

        void Put(float* to, float dot) => *to = accumulate ? *to + (scale * dot) : scale * dot;
    }

    // dots[2 · r + s] = row r of A · row s of B.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByTwo<TElement>(float* dots, float* a, void* first, void* second, int k)
        where TElement : struct, IStoredElement<T>
    {
        float* a1 = a + k, a2 = a1 + k, a3 = a2 + k;
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero, t0 = T.Zero, t1 = T.Zero, t2 = T.Zero, t3 = T.Zero;
        int d = 0;
        for (; d + W <= k; d += W)
        {
            T x = TElement.Load(first, d), y = TElement.Load(second, d);
            T row = T.Load(a + d);
            s0 = T.MultiplyAdd(row, x, s0);
            t0 = T.MultiplyAdd(row, y, t0);
            row = T.Load(a1 + d);
            s1 = T.MultiplyAdd(row, x, s1);
            t1 = T.MultiplyAdd(row, y, t1);
            row = T.Load(a2 + d);
            s2 = T.MultiplyAdd(row, x, s2);
            t2 = T.MultiplyAdd(row, y, t2);
            row = T.Load(a3 + d);
            s3 = T.MultiplyAdd(row, x, s3);
            t3 = T.MultiplyAdd(row, y, t3);
        }

        (dots[0], dots[1], dots[2], dots[3]) = (T.Sum(s0), T.Sum(t0), T.Sum(s1), T.Sum(t1));
        (dots[4], dots[5], dots[6], dots[7]) = (T.Sum(s2), T.Sum(t2), T.Sum(s3), T.Sum(t3));
        for (; d < k; d++)
        {
            float x = TElement.One(first, d), y = TElement.One(second, d);
            for (int r = 0; r < 4; r++)
            {
                dots[2 * r] += a[((long)r * k) + d] * x;
                dots[(2 * r) + 1] += a[((long)r * k) + d] * y;
            }
        }
    }

    // Four sums, as one would wait for itself.
    private static float Dot<TElement>(float* a, void* b, int count)
        where TElement : struct, IStoredElement<T>
    {
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
        int i = 0;
        for (; i + (4 * W) <= count; i += 4 * W)
        {
            s0 = T.MultiplyAdd(T.Load(a + i), TElement.Load(b, i), s0);
            s1 = T.MultiplyAdd(T.Load(a + i + W), TElement.Load(b, i + W), s1);
            s2 = T.MultiplyAdd(T.Load(a + i + (2 * W)), TElement.Load(b, i + (2 * W)), s2);
            s3 = T.MultiplyAdd(T.Load(a + i + (3 * W)), TElement.Load(b, i + (3 * W)), s3);
        }

        for (; i + W <= count; i += W)
            s0 = T.MultiplyAdd(T.Load(a + i), TElement.Load(b, i), s0);
        float sum = T.Sum(s0 + s1 + (s2 + s3));
        for (; i < count; i++)
            sum += a[i] * TElement.One(b, i);
        return sum;
    }
}
