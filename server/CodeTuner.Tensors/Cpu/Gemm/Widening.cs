using System.Numerics;
using CodeTuner.Tensors.Cpu.Quantised;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Cpu.Gemm;

/// <summary>Reads stretches of a stored row as float32.</summary>
internal static unsafe class Widening
{
    /// <summary>into[i] = row <paramref name="row"/> of the matrix, elements <paramref name="first"/> on.</summary>
    /// <param name="into">At least <paramref name="count"/> floats.</param>
    /// <param name="data">The matrix's first byte.</param>
    /// <param name="type">How its elements are stored.</param>
    /// <param name="stride">Elements from a row to the next; for a quantised type a multiple of 32.</param>
    /// <param name="row">Which row.</param>
    /// <param name="first">The first element wanted.</param>
    /// <param name="count">How many.</param>
    public static void Row(float* into, nint data, DType type, long stride, int row, int first, int count)
    {
        byte* start = (byte*)data + (row * type.RowBytes(stride)); // not of a quantised type, which lies in panels
        switch (type)
        {
            case DType.Float32:
                Buffer.MemoryCopy((float*)start + first, into, count * 4L, count * 4L);
                break;
            case DType.BFloat16:
                BFloat16((ushort*)start + first, into, count);
                break;
            case DType.Float16:
                Float16Format.Decode((ushort*)start + first, into, count);
                break;
            case DType.Q8_0:
            case DType.Q4_0:
                Panels.Widen(type, into, (void*)data, stride, row, first, count);
                break;
            default:
                throw new ArgumentException($"A matrix of {type} cannot be multiplied.");
        }
    }

    private static void BFloat16(ushort* from, float* into, int count)
    {
        int i = 0;
        int lanes = Vector<ushort>.Count;
        for (; i + lanes <= count; i += lanes)
        {
            Vector.Widen(*(Vector<ushort>*)(from + i), out Vector<uint> low, out Vector<uint> high);
            *(Vector<uint>*)(into + i) = low << 16;
            *(Vector<uint>*)(into + i + (lanes / 2)) = high << 16;
        }

        for (; i < count; i++)
            into[i] = BitConverter.UInt32BitsToSingle((uint)from[i] << 16);
    }
}
