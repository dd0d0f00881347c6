using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary>The innermost loops of a product with Q8_0 panels: four rows, or one, by a panel.</summary>
internal static unsafe class Q8MicroKernel<TProducts, TWeights>
    where TProducts : struct, IInt8Products<TWeights>
    where TWeights : struct
{
    /// <summary>The rows of the larger block of C.</summary>
    public const int Rows = 4;

    // A register's part of a panel.
    private const int Half = Q8Panels.Rows / 2, HalfQuad = Q8Panels.QuadBytes / 2;

    /// <summary>C (4 rows, 16 columns) = or += rows of A times a panel, over some blocks of the depth.</summary>
    /// <param name="x">A.</param>
    /// <param name="row">The first row.</param>
    /// <param name="panel">The panel's blocks.</param>
    /// <param name="c">The block's first element.</param>
    /// <param name="stride">Floats from a row of C to the next.</param>
    /// <param name="accumulate">Add to C rather than overwrite.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourRows(in Q8Activations x, int row, in Q8PanelBlocks panel, float* c, long stride, bool accumulate)
    {
        // Few addresses, and each by steps from another: more of them than the processor's registers would go through memory.
        long depth = x.Columns, depth3 = 3 * depth, all = x.Blocks, all3 = 3 * all;
        sbyte* values = x.ValuesOf(row) + ((long)panel.FirstBlock * DTypes.Q8BlockSize);
        float* scale = x.ScalesOf(row) + panel.FirstBlock;
        int* correction = x.CorrectionsOf(row) + panel.FirstBlock;
        byte* weights = panel.Weights;
        float* weightScales = panel.Scales;
        Vector256<float> f0a = default, f0b = default, f1a = default, f1b = default, f2a = default, f2b = default, f3a = default, f3b = default;
        if (accumulate)
        {
            (f0a, f0b) = (Vector256.Load(c), Vector256.Load(c + Half));
            (f1a, f1b) = (Vector256.Load(c + stride), Vector256.Load(c + stride + Half));
            (f2a, f2b) = (Vector256.Load(c + (2 * stride)), Vector256.Load(c + (2 * stride) + Half));
            (f3a, f3b) = (Vector256.Load(c + (3 * stride)), Vector256.Load(c + (3 * stride) + Half));
        }

        for (float* end = scale + panel.Blocks; scale < end; scale++, correction++)
        {
            Vector256<int> s0a = Vector256.Create(correction[0]), s1a = Vector256.Create(correction[all]);
            Vector256<int> s2a = Vector256.Create(correction[2 * all]), s3a = Vector256.Create(correction[all3]);
            Vector256<int> s0b = s0a, s1b = s1a, s2b = s2a, s3b = s3a;
            weights += Q8Panels.ScaleBytes;
            for (sbyte* next = values + DTypes.Q8BlockSize; values < next; values += 4, weights += Q8Panels.QuadBytes)
            {
                TWeights a = TProducts.Load(weights), b = TProducts.Load(weights + HalfQuad);
                Vector256<sbyte> v = Vector256.Create(*(int*)values).AsSByte();
                s0a = TProducts.MultiplyAdd(s0a, a, v);
                s0b = TProducts.MultiplyAdd(s0b, b, v);
                v = Vector256.Create(*(int*)(values + depth)).AsSByte();
                s1a = TProducts.MultiplyAdd(s1a, a, v);
                s1b = TProducts.MultiplyAdd(s1b, b, v);
                v = Vector256.Create(*(int*)(values + (2 * depth))).AsSByte();
                s2a = TProducts.MultiplyAdd(s2a, a, v);
                s2b = TProducts.MultiplyAdd(s2b, b, v);
                v = Vector256.Create(*(int*)(values + depth3)).AsSByte();
                s3a = TProducts.MultiplyAdd(s3a, a, v);
                s3b = TProducts.MultiplyAdd(s3b, b, v);
            }

            Vector256<float> wa = Vector256.Load(weightScales), wb = Vector256.Load(weightScales + Half);
            weightScales += Q8Panels.Rows;
            f0a = Scaled(s0a, wa, scale[0], f0a);
            f0b = Scaled(s0b, wb, scale[0], f0b);
            f1a = Scaled(s1a, wa, scale[all], f1a);
            f1b = Scaled(s1b, wb, scale[all], f1b);
            f2a = Scaled(s2a, wa, scale[2 * all], f2a);
            f2b = Scaled(s2b, wb, scale[2 * all], f2b);
            f3a = Scaled(s3a, wa, scale[all3], f3a);
            f3b = Scaled(s3b, wb, scale[all3], f3b);
        }

        Store(c, f0a, f0b);
        Store(c + stride, f1a, f1b);
        Store(c + (2 * stride), f2a, f2b);
        Store(c + (3 * stride), f3a, f3b);
    }

    /// <summary>The same for one row, each element worked out alike.</summary>
    /// <param name="x">A.</param>
    /// <param name="row">The row.</param>
    /// <param name="panel">The panel's blocks.</param>
    /// <param name="c">The block's first element.</param>
    /// <param name="accumulate">Add to C rather than overwrite.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneRow(in Q8Activations x, int row, in Q8PanelBlocks panel, float* c, bool accumulate)
    {
        sbyte* values = x.ValuesOf(row) + ((long)panel.FirstBlock * DTypes.Q8BlockSize);
        float* scale = x.ScalesOf(row) + panel.FirstBlock;
        int* correction = x.CorrectionsOf(row) + panel.FirstBlock;
        byte* weights = panel.Weights;
        Vector256<float> fa = default, fb = default;
        if (accumulate)
            (fa, fb) = (Vector256.Load(c), Vector256.Load(c + Half));
        for (int i = 0; i < panel.Blocks; i++)
        {
            Float16Format.Widen16((ushort*)weights, out Vector256<float> wa, out Vector256<float> wb);
            weights += Q8Panels.ScaleBytes;

            // Two sums for each register, as one would wait for itself.
            Vector256<int> sa = Vector256.Create(correction[i]), sb = sa, ta = default, tb = default;
            for (sbyte* next = values + DTypes.Q8BlockSize; values < next; values += 8, weights += 2 * Q8Panels.QuadBytes)
            {
                Vector256<sbyte> v = Vector256.Create(*(int*)values).AsSByte(), w = Vector256.Create(*(int*)(values + 4)).AsSByte();
                sa = TProducts.MultiplyAdd(sa, TProducts.Load(weights), v);
                sb = TProducts.MultiplyAdd(sb, TProducts.Load(weights + HalfQuad), v);
                ta = TProducts.MultiplyAdd(ta, TProducts.Load(weights + (2 * HalfQuad)), w);
                tb = TProducts.MultiplyAdd(tb, TProducts.Load(weights + (3 * HalfQuad)), w);
            }

            fa = Scaled(sa + ta, wa, scale[i], fa);
            fb = Scaled(sb + tb, wb, scale[i], fb);
        }

        Store(c, fa, fb);
    }

    /// <summary>A block's sums added to C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scaled(Vector256<int> sums, Vector256<float> weightScales, float scale, Vector256<float> c) =>
        Vector256.MultiplyAddEstimate(Vector256.ConvertToSingle(sums), weightScales * Vector256.Create(scale), c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector256<float> left, Vector256<float> right)
    {
        left.Store(c);
        right.Store(c + Half);
    }
}
