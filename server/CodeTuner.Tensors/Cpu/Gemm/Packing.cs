using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CodeTuner.Tensors.Cpu.Gemm;

/// <summary>Copies blocks of an operand into the order in which a micro-kernel reads them: panels of (K, width), zero-padded.</summary>
internal static unsafe class Packing
{
    /// <summary>Packs some panels that lie side by side.</summary>
    /// <param name="into">(depth, width) of the first panel.</param>
    /// <param name="step">Floats from a panel to the next.</param>
    /// <param name="width">A panel's width: the micro-kernel's rows or columns.</param>
    /// <param name="matrix">Where from.</param>
    /// <param name="outer">The first row or column of the first panel.</param>
    /// <param name="count">How many there are; what the last panel lacks becomes zero.</param>
    /// <param name="k">The first depth.</param>
    /// <param name="depth">How many depths.</param>
    /// <param name="scratch">At least width · depth floats, used where elements have to be widened first.</param>
    public static void Panels(float* into, long step, int width, in MatrixView matrix, int outer, int count, int k, int depth, float* scratch)
    {
        if (matrix.DepthIsContiguous)
        {
            for (int done = 0; done < count; done += width, into += step)
                AlongDepth(into, width, matrix, outer + done, Math.Min(width, count - done), k, depth, scratch);
            return;
        }

        // A stored row holds an element of each panel's each column: all panels take their part before the next row is fetched.
        for (int d = 0; d < depth; d++)
        {
            float* to = into + ((long)d * width);
            for (int done = 0; done < count; done += width, to += step)
            {
                int here = Math.Min(width, count - done);
                if (matrix.Type == DType.Float32)
                    Copy(to, matrix.Floats + ((k + d) * matrix.Stride) + outer + done, here);
                else
                    Widening.Row(to, matrix.Data, matrix.Type, matrix.Stride, k + d, outer + done, here);
                for (int i = here; i < width; i++)
                    to[i] = 0;
            }
        }
    }

    private static void AlongDepth(float* into, int width, in MatrixView matrix, int outer, int count, int k, int depth, float* scratch)
    {
        if (matrix.Type == DType.Float32)
        {
            Transpose(into, width, matrix.Floats + (outer * matrix.Stride) + k, matrix.Stride, count, depth);
            return;
        }

        for (int i = 0; i < count; i++)
            Widening.Row(scratch + ((long)i * depth), matrix.Data, matrix.Type, matrix.Stride, outer + i, k, depth);
        Transpose(into, width, scratch, depth, count, depth);
    }

    // A few registers' worth: a call for each would take longer.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* to, float* from, int count)
    {
        int i = 0;
        for (; i + 4 <= count; i += 4)
            Vector128.Load(from + i).Store(to + i);
        for (; i < count; i++)
            to[i] = from[i];
    }

    /// <summary>into[d · width + i] = from[i · stride + d]; zero where i is <paramref name="count"/> or more.</summary>
    /// <param name="into">(depth, width).</param>
    /// <param name="width">At least <paramref name="count"/>.</param>
    /// <param name="from">(count, depth).</param>
    /// <param name="stride">Floats from a row of <paramref name="from"/> to the next.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="depth">How long they are.</param>
    public static void Transpose(float* into, int width, float* from, long stride, int count, int depth)
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
        Vector128<double> ab0 = Interleave.Lower(a, b).AsDouble(), ab1 = Interleave.Upper(a, b).AsDouble();
        Vector128<double> cd0 = Interleave.Lower(c, d).AsDouble(), cd1 = Interleave.Upper(c, d).AsDouble();
        Interleave.Lower(ab0, cd0).AsSingle().Store(to);
        Interleave.Upper(ab0, cd0).AsSingle().Store(to + width);
        Interleave.Lower(ab1, cd1).AsSingle().Store(to + (2 * width));
        Interleave.Upper(ab1, cd1).AsSingle().Store(to + (3 * width));
    }
}
