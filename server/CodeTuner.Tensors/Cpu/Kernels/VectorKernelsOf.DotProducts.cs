using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    // Every element of C is one sum over the depth, a register at a time, whatever the block that it is worked out in: so a row gets
    // the same result alone and among others. A block has eight such sums or more, as one would wait for itself.
    private static void DotProducts<TElement>(
        float* c, long stride, float* a, byte* b, long rowBytes, int m, int n, int k, bool accumulate, float scale)
        where TElement : struct, IStoredElement<T>
    {
        int i = 0;
        for (; i + 4 <= m; i += 4)
            Rows<TElement>(4, W == 16 ? 4 : 2, c + (i * stride), stride, a + ((long)i * k), b, rowBytes, n, k, accumulate, scale); // as registers allow
        for (; i + 2 <= m; i += 2)
            Rows<TElement>(2, 4, c + (i * stride), stride, a + ((long)i * k), b, rowBytes, n, k, accumulate, scale);
        if (i < m)
            Rows<TElement>(1, 8, c + (i * stride), stride, a + ((long)i * k), b, rowBytes, n, k, accumulate, scale);
    }

    // Some rows of C, in blocks of so many columns.
    private static void Rows<TElement>(
        int rows, int width, float* c, long stride, float* a, byte* b, long rowBytes, int n, int k, bool accumulate, float scale)
        where TElement : struct, IStoredElement<T>
    {
        float* dots = stackalloc float[16];
        int j = 0;
        for (; j + width <= n; j += width, b += width * rowBytes)
        {
            switch (rows)
            {
                case 1:
                    OneByEight<TElement>(dots, a, b, rowBytes, k);
                    break;
                case 2:
                    TwoByFour<TElement>(dots, dots + 4, a, a + k, b, rowBytes, k);
                    break;
                default:
                    if (width == 4)
                        FourByFour<TElement>(dots, a, b, rowBytes, k);
                    else
                        FourByTwo<TElement>(dots, a, b, rowBytes, k);
                    break;
            }

            // What is left behind the last whole register.
            for (int e = 0; e < rows * width && k % W > 0; e++)
                dots[e] = Ended<TElement>(dots[e], a + ((long)(e / width) * k), b + (e % width * rowBytes), k);
            for (int r = 0; r < rows; r++)
                Put(c + (r * stride) + j, dots + (r * width), width, accumulate, scale);
        }

        for (; j < n; j++, b += rowBytes)
        {
            for (int r = 0; r < rows; r++)
            {
                *dots = One<TElement>(a + ((long)r * k), b, k);
                Put(c + (r * stride) + j, dots, 1, accumulate, scale);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* c, float* dots, int count, bool accumulate, float scale)
    {
        int j = 0;
        for (; j + 4 <= count; j += 4)
        {
            Vector128<float> scaled = Vector128.Load(dots + j) * scale;
            (accumulate ? Vector128.Load(c + j) + scaled : scaled).Store(c + j);
        }

        for (; j < count; j++)
            c[j] = accumulate ? c[j] + (scale * dots[j]) : scale * dots[j];
    }

    private static float One<TElement>(float* a, void* b, int k)
        where TElement : struct, IStoredElement<T>
    {
        T sum = T.Zero;
        int d = 0;
        for (; d + W <= k; d += W)
            sum = T.MultiplyAdd(T.Load(a + d), TElement.Load(b, d), sum);
        return Ended<TElement>(T.Sum(sum), a, b, k);
    }

    // Adds the products behind the last whole register.
    private static float Ended<TElement>(float sum, float* a, void* b, int k)
        where TElement : struct, IStoredElement<T>
    {
        for (int d = k / W * W; d < k; d++)
            sum += a[d] * TElement.One(b, d);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByEight<TElement>(float* dots, float* a, byte* b, long rowBytes, int k)
        where TElement : struct, IStoredElement<T>
    {
        byte* b1 = b + rowBytes, b2 = b1 + rowBytes, b3 = b2 + rowBytes, b4 = b3 + rowBytes, b5 = b4 + rowBytes, b6 = b5 + rowBytes, b7 = b6 + rowBytes;
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero, s4 = T.Zero, s5 = T.Zero, s6 = T.Zero, s7 = T.Zero;
        for (long d = 0; d + W <= k; d += W)
        {
            T x = T.Load(a + d);
            s0 = T.MultiplyAdd(x, TElement.Load(b, d), s0);
            s1 = T.MultiplyAdd(x, TElement.Load(b1, d), s1);
            s2 = T.MultiplyAdd(x, TElement.Load(b2, d), s2);
            s3 = T.MultiplyAdd(x, TElement.Load(b3, d), s3);
            s4 = T.MultiplyAdd(x, TElement.Load(b4, d), s4);
            s5 = T.MultiplyAdd(x, TElement.Load(b5, d), s5);
            s6 = T.MultiplyAdd(x, TElement.Load(b6, d), s6);
            s7 = T.MultiplyAdd(x, TElement.Load(b7, d), s7);
        }

        T.StoreSums(s0, s1, s2, s3, dots);
        T.StoreSums(s4, s5, s6, s7, dots + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoByFour<TElement>(float* dots, float* dots1, float* a, float* a1, byte* b, long rowBytes, int k)
        where TElement : struct, IStoredElement<T>
    {
        byte* b1 = b + rowBytes, b2 = b1 + rowBytes, b3 = b2 + rowBytes;
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero, t0 = T.Zero, t1 = T.Zero, t2 = T.Zero, t3 = T.Zero;
        for (long d = 0; d + W <= k; d += W)
        {
            T x = T.Load(a + d), y = T.Load(a1 + d);
            T w = TElement.Load(b, d);
            s0 = T.MultiplyAdd(x, w, s0);
            t0 = T.MultiplyAdd(y, w, t0);
            w = TElement.Load(b1, d);
            s1 = T.MultiplyAdd(x, w, s1);
            t1 = T.MultiplyAdd(y, w, t1);
            w = TElement.Load(b2, d);
            s2 = T.MultiplyAdd(x, w, s2);
            t2 = T.MultiplyAdd(y, w, t2);
            w = TElement.Load(b3, d);
            s3 = T.MultiplyAdd(x, w, s3);
            t3 = T.MultiplyAdd(y, w, t3);
        }

        T.StoreSums(s0, s1, s2, s3, dots);
        T.StoreSums(t0, t1, t2, t3, dots1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByTwo<TElement>(float* dots, float* a, byte* b, long rowBytes, int k)
        where TElement : struct, IStoredElement<T>
    {
        float* a1 = a + k, a2 = a1 + k, a3 = a2 + k;
        byte* b1 = b + rowBytes;
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero, t0 = T.Zero, t1 = T.Zero, t2 = T.Zero, t3 = T.Zero;
        for (long d = 0; d + W <= k; d += W)
        {
            T w = TElement.Load(b, d), v = TElement.Load(b1, d);
            T row = T.Load(a + d);
            s0 = T.MultiplyAdd(row, w, s0);
            t0 = T.MultiplyAdd(row, v, t0);
            row = T.Load(a1 + d);
            s1 = T.MultiplyAdd(row, w, s1);
            t1 = T.MultiplyAdd(row, v, t1);
            row = T.Load(a2 + d);
            s2 = T.MultiplyAdd(row, w, s2);
            t2 = T.MultiplyAdd(row, v, t2);
            row = T.Load(a3 + d);
            s3 = T.MultiplyAdd(row, w, s3);
            t3 = T.MultiplyAdd(row, v, t3);
        }

        T.StoreSums(s0, t0, s1, t1, dots);
        T.StoreSums(s2, t2, s3, t3, dots + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByFour<TElement>(float* dots, float* a, byte* b, long rowBytes, int k)
        where TElement : struct, IStoredElement<T>
    {
        float* a1 = a + k, a2 = a1 + k, a3 = a2 + k;
        byte* b1 = b + rowBytes, b2 = b1 + rowBytes, b3 = b2 + rowBytes;
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero, t0 = T.Zero, t1 = T.Zero, t2 = T.Zero, t3 = T.Zero;
        T u0 = T.Zero, u1 = T.Zero, u2 = T.Zero, u3 = T.Zero, v0 = T.Zero, v1 = T.Zero, v2 = T.Zero, v3 = T.Zero;
        for (long d = 0; d + W <= k; d += W)
        {
            T w0 = TElement.Load(b, d), w1 = TElement.Load(b1, d), w2 = TElement.Load(b2, d), w3 = TElement.Load(b3, d);
            T row = T.Load(a + d);
            s0 = T.MultiplyAdd(row, w0, s0);
            s1 = T.MultiplyAdd(row, w1, s1);
            s2 = T.MultiplyAdd(row, w2, s2);
            s3 = T.MultiplyAdd(row, w3, s3);
            row = T.Load(a1 + d);
            t0 = T.MultiplyAdd(row, w0, t0);
            t1 = T.MultiplyAdd(row, w1, t1);
            t2 = T.MultiplyAdd(row, w2, t2);
            t3 = T.MultiplyAdd(row, w3, t3);
            row = T.Load(a2 + d);
            u0 = T.MultiplyAdd(row, w0, u0);
            u1 = T.MultiplyAdd(row, w1, u1);
            u2 = T.MultiplyAdd(row, w2, u2);
            u3 = T.MultiplyAdd(row, w3, u3);
            row = T.Load(a3 + d);
            v0 = T.MultiplyAdd(row, w0, v0);
            v1 = T.MultiplyAdd(row, w1, v1);
            v2 = T.MultiplyAdd(row, w2, v2);
            v3 = T.MultiplyAdd(row, w3, v3);
        }

        T.StoreSums(s0, s1, s2, s3, dots);
        T.StoreSums(t0, t1, t2, t3, dots + 4);
        T.StoreSums(u0, u1, u2, u3, dots + 8);
        T.StoreSums(v0, v1, v2, v3, dots + 12);
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
