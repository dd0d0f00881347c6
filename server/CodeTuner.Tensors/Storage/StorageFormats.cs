namespace CodeTuner.Tensors.Storage;

/// <summary>Rounds float32 to a storage type and back.</summary>
public static class StorageFormats
{
    /// <summary>Encodes <paramref name="values"/> (whole rows, or a part of one that is whole blocks) into bytes.</summary>
    /// <exception cref="ArgumentException">The type holds no floats, or the room does not match.</exception>
    public static void Encode(ReadOnlySpan<float> values, Span<byte> into, DType type)
    {
        Check(values.Length, into.Length, type);
        switch (type)
        {
            case DType.Float32:
                System.Runtime.InteropServices.MemoryMarshal.AsBytes(values).CopyTo(into);
                break;
            case DType.BFloat16:
                BFloat16Format.Encode(values, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(into));
                break;
            case DType.Float16:
                Float16Format.Encode(values, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, Half>(into));
                break;
            case DType.Q4_0:
                Q4Format.Encode(values, into);
                break;
            default:
                Q8Format.Encode(values, into);
                break;
        }
    }

    /// <summary>Decodes bytes into <paramref name="values"/>.</summary>
    /// <exception cref="ArgumentException">The type holds no floats, or the room does not match.</exception>
    public static void Decode(ReadOnlySpan<byte> bytes, Span<float> values, DType type)
    {
        Check(values.Length, bytes.Length, type);
        switch (type)
        {
            case DType.Float32:
                bytes.CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));
                break;
            case DType.BFloat16:
                BFloat16Format.Decode(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(bytes), values);
                break;
            case DType.Float16:
                Float16Format.Decode(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, Half>(bytes), values);
                break;
            case DType.Q4_0:
                Q4Format.Decode(bytes, values);
                break;
            default:
                Q8Format.Decode(bytes, values);
                break;
        }
    }

    private static void Check(int values, int bytes, DType type)
    {
        if (type == DType.Int32)
            throw new ArgumentException("A tensor of integers was asked for floats.");
        if (type.RowBytes(values) != bytes)
            throw new ArgumentException($"{values} elements of {type} take {type.RowBytes(values)} bytes, not {bytes}.");
    }
}
