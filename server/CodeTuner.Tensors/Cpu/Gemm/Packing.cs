using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CodeTuner.Tensors.Cpu.Gemm;

/// <summary>Copies blocks of an operand into the order in which a micro-kernel reads them: panels of (K, width), zero-padded.</summary>
internal static unsafe class Packing
{
    /// <summary>Packs one panel.</summary>
    /// <param name="into">(depth, width).</param>
    /// <param name="width">The panel's width: the micro-kernel's rows or columns.</param>
    /// <param name="matrix">Where from.</param>
    /// <param name="outer">The first row or column of the panel.</param>
    /// <param name="outerCount">How many there are, at most <paramref name="width"/>; the others become zero.</param>
    /// <param name="k">The first depth.</param>
    /// <param name="depth">How many depths.</param>
    /// <param name="scratch">At least width · depth floats, used where elements have to be widened first.</param>
    public static void Panel(float* into, int width, in MatrixView matrix, int outer, int outerCount, int k, int depth, float* scratch)
    {
        if (matrix.DepthIsContiguous)
        {
            if (matrix.Type == DType.Float32)
            {
                Transpose(into, width, matrix.Floats + (outer * matrix.Stride) + k, matrix.Stride, outerCount, depth);
                return;
            }

            for (int i = 0; i < outerCount; i++)
                Widening.Row(scratch + ((long)i * depth), matrix.Data, matrix.Type, matrix.Stride, outer + i, k, depth);
            Transpose(into, width, scratch, depth, outerCount, depth);
            return;
        }

        for (int d = 0; d < depth; d++)
        {
            float* row = into + ((long)d * width);
            if (matrix.Type == DType.Float32)
                Buffer.MemoryCopy(matrix.Floats + ((k + d) * matrix.Stride) + outer, row, width * 4L, outerCount * 4L);
            else
                Widening.Row(row, matrix.Data, matrix.Type, matrix.Stride, k + d, outer, outerCount);
            for (int i = outerCount; i < width; i++)
                row[i] = 0;
        }
    }

    // into[d * width + i] = from[i * stride + d]
    private static void Transpose(float* into, int width, float* from, long stride, int count, int depth)
    {
        int i = 0;
        for (; i + 4 <= count; i += 4)
        {
            float* r0 = from + (i * stride), r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
            float* to = into + i;
            int d = 0;
            for (; d + 4 <= depth; d += 4, to += 4L * width)
                Transpose4(to, width, r0 + d, r1 + d, r2 + d, r3 + d);
            for (; d < depth; d++, to += width)
                (to[0], to[1], to[2], to[3]) = (r0[d], r1[d], r2[d], r3[d]);
        }

        for (; i < width; i++)
        {
            float* row = from + (i * stride);
            for (int d = 0; d < depth; d++)
                into[((long)d * width) + i] = i < count ? row[d] : 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4(float* to, long width, float* r0, float* r1, float* r2, float* r3)
    {
        Vector128<float> a = Vector128.Load(r0), b = Vector128.Load(r1), c = Vector128.Load(r2), d = Vector128.Load(r3);
        Vector128<long> ab0 = Interleave.Lower(a, b).AsInt64(), ab1 = Interleave.Upper(a, b).AsInt64();
        Vector128<long> cd0 = Interleave.Lower(c, d).AsInt64(), cd1 = Interleave.Upper(c, d).AsInt64();
        Interleave.Lower(ab0, cd0).AsSingle().Store(to);
        Interleave.Upper(ab0, cd0).AsSingle().Store(to + width);
        Interleave.Lower(ab1, cd1).AsSingle().Store(to + (2 * width));
        Interleave.Upper(ab1, cd1).AsSingle().Store(to + (3 * width));
    }
}
