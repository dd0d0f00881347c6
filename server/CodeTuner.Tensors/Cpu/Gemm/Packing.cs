using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CodeTuner.Tensors.Cpu.Gemm;

/// <summary>Copies blocks of an operand into the order in which a micro-kernel reads them: panels of (K, width), zero-padded.</summary>
internal static unsafe class Packing
{
    /// <summary>
    /// Stored rows that run across the panels are read so many at a time: whole cache lines are written, and rows whose stride is a
    /// power of two do not drive each other out of the first-level cache.
    /// </summary>
    public const int RowsTogether = 8;

    // Stored rows that run along K are read in stretches of this many elements, so that what is written stays in the first-level cache.
    private const int Stretch = 64;

    private const int WidestPanel = 32;

    /// <summary>Packs some panels that lie side by side.</summary>
    /// <param name="into">(depth, width) of the first panel.</param>
    /// <param name="step">Floats from a panel to the next.</param>
    /// <param name="width">A panel's width: the micro-kernel's rows or columns, at most 32.</param>
    /// <param name="matrix">Where from.</param>
    /// <param name="outer">The first row or column of the first panel.</param>
    /// <param name="count">How many there are; what the last panel lacks becomes zero.</param>
    /// <param name="k">The first depth.</param>
    /// <param name="depth">How many depths.</param>
    public static void Panels(float* into, long step, int width, in MatrixView matrix, int outer, int count, int k, int depth)
    {
        if (matrix.DepthIsContiguous)
        {
            for (int done = 0; done < count; done += width, into += step)
                AlongDepth(into, width, matrix, outer + done, Math.Min(width, count - done), k, depth);
            return;
        }

        for (int d = 0; d < depth; d += RowsTogether)
            AcrossPanels(into + ((long)d * width), step, width, matrix, outer, count, k + d, Math.Min(RowsTogether, depth - d));
    }

    [SkipLocalsInit]
    private static void AlongDepth(float* into, int width, in MatrixView matrix, int outer, int count, int k, int depth)
    {
        float* widened = stackalloc float[WidestPanel * Stretch];
        for (int d = 0; d < depth; d += Stretch, into += Stretch * width)
        {
            int here = Math.Min(Stretch, depth - d);
            if (matrix.Type == DType.Float32)
            {
                Transpose(into, width, matrix.Floats + (outer * matrix.Stride) + k + d, matrix.Stride, count, here);
                continue;
            }

            for (int i = 0; i < count; i++)
                Widening.Row(widened + (i * Stretch), matrix.Data, matrix.Type, matrix.Stride, outer + i, k + d, here);
            Transpose(into, width, widened, Stretch, count, here);
        }
    }

    // A stored row holds an element of each panel's each column.
    [SkipLocalsInit]
    private static void AcrossPanels(float* into, long step, int width, in MatrixView matrix, int outer, int count, int k, int rows)
    {
        float* widened = stackalloc float[RowsTogether * WidestPanel];
        for (int done = 0; done < count; done += width, into += step)
        {
            int here = Math.Min(width, count - done);
            if (matrix.Type == DType.Float32)
            {
                Copy(into, width, matrix.Floats + (k * matrix.Stride) + outer + done, matrix.Stride, here, rows);
                continue;
            }

            for (int d = 0; d < rows; d++)
                Widening.Row(widened + (d * WidestPanel), matrix.Data, matrix.Type, matrix.Stride, k + d, outer + done, here);
            Copy(into, width, widened, WidestPanel, here, rows);
        }
    }

    // into[d * width + i] = from[d * stride + i]
    private static void Copy(float* into, int width, float* from, long stride, int count, int depth)
    {
        for (float* end = into + (depth * width); into < end; into += width, from += stride)
        {
            int i = 0;
            for (; i + 8 <= count; i += 8)
                Vector256.Load(from + i).Store(into + i);
            if (i + 4 <= count)
            {
                Vector128.Load(from + i).Store(into + i);
                i += 4;
            }

            for (; i < width; i++)
                into[i] = i < count ? from[i] : 0;
        }
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
        int i = 0, whole = depth / 4 * 4;
        for (; Avx.IsSupported && i + 8 <= count; i += 8)
        {
            for (int d = 0; d < whole; d += 4)
                Transpose8x4(into + (d * width) + i, width, from + (i * stride) + d, stride);
            Rest(into + i, width, from + (i * stride), stride, 8, whole, depth);
        }

        for (; i + 4 <= count; i += 4)
        {
            for (int d = 0; d < whole; d += 4)
                Transpose4x4(into + (d * width) + i, width, from + (i * stride) + d, stride);
            Rest(into + i, width, from + (i * stride), stride, 4, whole, depth);
        }

        for (; i < width; i++)
        {
            for (int d = 0; d < depth; d++)
                into[(d * width) + i] = i < count ? from[(i * stride) + d] : 0;
        }
    }

    private static void Rest(float* into, int width, float* from, long stride, int rows, int first, int depth)
    {
        for (int d = first; d < depth; d++)
        {
            for (int r = 0; r < rows; r++)
                into[(d * width) + r] = from[(r * stride) + d];
        }
    }

    // Four rows in each half of a register.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8x4(float* to, long width, float* from, long stride)
    {
        Vector256<float> a = Pair(from, stride), b = Pair(from + stride, stride);
        Vector256<float> c = Pair(from + (2 * stride), stride), d = Pair(from + (3 * stride), stride);
        Vector256<double> ab0 = Avx.UnpackLow(a, b).AsDouble(), ab1 = Avx.UnpackHigh(a, b).AsDouble();
        Vector256<double> cd0 = Avx.UnpackLow(c, d).AsDouble(), cd1 = Avx.UnpackHigh(c, d).AsDouble();
        Avx.UnpackLow(ab0, cd0).AsSingle().Store(to);
        Avx.UnpackHigh(ab0, cd0).AsSingle().Store(to + width);
        Avx.UnpackLow(ab1, cd1).AsSingle().Store(to + (2 * width));
        Avx.UnpackHigh(ab1, cd1).AsSingle().Store(to + (3 * width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(float* from, long stride) => Vector256.Create(Vector128.Load(from), Vector128.Load(from + (4 * stride)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4x4(float* to, long width, float* from, long stride)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + stride);
        Vector128<float> c = Vector128.Load(from + (2 * stride)), d = Vector128.Load(from + (3 * stride));
        Vector128<double> ab0 = Interleave.Lower(a, b).AsDouble(), ab1 = Interleave.Upper(a, b).AsDouble();
        Vector128<double> cd0 = Interleave.Lower(c, d).AsDouble(), cd1 = Interleave.Upper(c, d).AsDouble();
        Interleave.Lower(ab0, cd0).AsSingle().Store(to);
        Interleave.Upper(ab0, cd0).AsSingle().Store(to + width);
        Interleave.Lower(ab1, cd1).AsSingle().Store(to + (2 * width));
        Interleave.Upper(ab1, cd1).AsSingle().Store(to + (3 * width));
    }
}
