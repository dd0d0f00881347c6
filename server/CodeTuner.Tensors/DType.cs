namespace CodeTuner.Tensors;

/// <summary>How a tensor's elements are stored. Arithmetic is always float32.</summary>
public enum DType
{
    /// <summary>IEEE 754 single precision: activations, gradients, optimizer state, trained weights.</summary>
    Float32,

    /// <summary>The upper half of a float32; for frozen weights.</summary>
    BFloat16,

    /// <summary>IEEE 754 half precision; for frozen weights.</summary>
    Float16,

    /// <summary>
    /// int8 in blocks of 32 along a row, each block led by its float16 scale: GGUF's Q8_0, 34 bytes a block.
    /// For frozen weights; rows must be a multiple of 32 long.
    /// </summary>
    Q8_0,

    /// <summary>32-bit integers: token ids, positions, targets.</summary>
    Int32,
}

/// <summary>Sizes of the storage types.</summary>
public static class DTypes
{
    /// <summary>Elements in a Q8_0 block.</summary>
    public const int Q8BlockSize = 32;

    /// <summary>Bytes in a Q8_0 block: a float16 scale and 32 int8.</summary>
    public const int Q8BlockBytes = 34;

    /// <summary>The bytes that a row of <paramref name="columns"/> elements takes.</summary>
    /// <exception cref="ArgumentException">A Q8_0 row is not a multiple of 32 long.</exception>
    public static long RowBytes(this DType type, long columns) => type switch
    {
        DType.Float32 or DType.Int32 => columns * 4,
        DType.BFloat16 or DType.Float16 => columns * 2,
        DType.Q8_0 when columns % Q8BlockSize == 0 => columns / Q8BlockSize * Q8BlockBytes,
        DType.Q8_0 => throw new ArgumentException($"Rows of {columns} elements cannot be stored in Q8_0: the length must be a multiple of {Q8BlockSize}."),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>The bytes that a tensor of <paramref name="shape"/> takes.</summary>
    public static long Bytes(this DType type, Shape shape) => shape.Count == 0 ? 0 : type.RowBytes(shape.Columns) * (shape.Count / shape.Columns);
}
