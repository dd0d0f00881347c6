using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Cpu.Quantised;

/// <summary>
/// The innermost loop of a product of one row with Q4_0 panels, which reads each weight but once: half bytes go straight into the
/// products. Sums are those of <see cref="Q8MicroKernel{TProducts, TWeights}"/> with the panels unpacked, bit by bit.
/// </summary>
internal static unsafe class Q4MicroKernel<TProducts, TWeights>
    where TProducts : struct, IInt8Products<TWeights>
    where TWeights : struct
{
    private const int Half = Q4Panels.Rows / 2, HalfQuads = Q4Panels.QuadsBytes / 2;

    /// <summary>C (1 row, 16 columns) = or += a row of A times a panel, over some blocks of the depth.</summary>
    /// <param name="x">A; its corrections are those of the offset of Q4_0.</param>
    /// <param name="row">The row.</param>
    /// <param name="panel">The panel's blocks.</param>
    /// <param name="c">The block's first element.</param>
    /// <param name="accumulate">Add to C rather than overwrite.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneRow(in Q8Activations x, int row, in Q8PanelBlocks panel, float* c, bool accumulate)
    {
        sbyte* values = x.ValuesOf(row) + ((long)panel.FirstBlock * DTypes.Q4BlockSize);
        float* scale = x.ScalesOf(row) + panel.FirstBlock;
        int* correction = x.CorrectionsOf(row) + panel.FirstBlock;
        byte* weights = panel.Weights;
        Vector256<float> fa = default, fb = default;
        if (accumulate)
            (fa, fb) = (Vector256.Load(c), Vector256.Load(c + Half));
        for (int i = 0; i < panel.Blocks; i++, values += Q4Panels.HalfBlock)
        {
            Float16Format.Widen16((ushort*)weights, out Vector256<float> wa, out Vector256<float> wb);
            weights += Panels.ScaleBytes;

            // Two sums for each register, as one would wait for itself.
            Vector256<int> sa = Vector256.Create(correction[i]), sb = sa, ta = default, tb = default;
            for (sbyte* next = values + Q4Panels.HalfBlock; values < next; values += 4, weights += Q4Panels.QuadsBytes)
            {
                Vector256<sbyte> v = Vector256.Create(*(int*)values).AsSByte(), w = Vector256.Create(*(int*)(values + Q4Panels.HalfBlock)).AsSByte();
                Vector256<byte> a = Vector256.Load(weights), b = Vector256.Load(weights + HalfQuads);
                sa = TProducts.MultiplyAddHalfBytes(sa, Q4Panels.Low(a), v);
                sb = TProducts.MultiplyAddHalfBytes(sb, Q4Panels.Low(b), v);
                ta = TProducts.MultiplyAddHalfBytes(ta, Q4Panels.High(a), w);
                tb = TProducts.MultiplyAddHalfBytes(tb, Q4Panels.High(b), w);
            }

            fa = Q8MicroKernel<TProducts, TWeights>.Scaled(sa + ta, wa, scale[i], fa);
            fb = Q8MicroKernel<TProducts, TWeights>.Scaled(sb + tb, wb, scale[i], fb);
        }

        fa.Store(c);
        fb.Store(c + Half);
    }
}
