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

    /// <summary>
    /// Four bits in blocks of 32 along a row, each block led by its float16 scale: GGUF's Q4_0, 18 bytes a block.
    /// For frozen weights; rows must be a multiple of 32 long.
    /// </summary>
    Q4_0,

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

    /// <summary>Elements in a Q4_0 block.</summary>
    public const int Q4BlockSize = 32;

    /// <summary>Bytes in a Q4_0 block: a float16 scale and 32 half bytes.</summary>
    public const int Q4BlockBytes = 18;

    /// <summary>Whether elements are stored in blocks that share a scale.</summary>
    public static bool IsQuantised(this DType type) => type is DType.Q8_0 or DType.Q4_0;

    /// <summary>Elements that are stored together: rows are whole blocks of them.</summary>
    public static int BlockSize(this DType type) => type switch
    {
        DType.Q8_0 => Q8BlockSize,
        DType.Q4_0 => Q4BlockSize,
        _ => 1,
    };

    /// <summary>The bytes that a block takes.</summary>
    public static int BlockBytes(this DType type) => type switch
    {
        DType.Float32 or DType.Int32 => 4,
        DType.BFloat16 or DType.Float16 => 2,
        DType.Q8_0 => Q8BlockBytes,
        DType.Q4_0 => Q4BlockBytes,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>The bytes that a row of <paramref name="columns"/> elements takes.</summary>
    /// <exception cref="ArgumentException">A row of a quantised type is not a multiple of its block long.</exception>
    public static long RowBytes(this DType type, long columns)
    {
        int block = type.BlockSize();
        return columns % block == 0
            ? columns / block * type.BlockBytes()
            : throw new ArgumentException($"Rows of {columns} elements cannot be stored in {type}: the length must be a multiple of {block}.");
    }

    /// <summary>The bytes that a tensor of <paramref name="shape"/> takes.</summary>
    public static long Bytes(this DType type, Shape shape) => shape.Count == 0 ? 0 : type.RowBytes(shape.Columns) * (shape.Count / shape.Columns);
}
