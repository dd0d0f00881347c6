using CodeTuner.Tensors;

namespace CodeTuner.Models.Checkpoints.Gguf;

/// <summary>A storage type of ggml: rows are cut into blocks of as many elements (<c>ggml_type</c> and its block structures in ggml).</summary>
/// <param name="Id">Its number in a GGUF file.</param>
/// <param name="Name">Its name in ggml: <c>F16</c>, <c>Q8_0</c>, <c>Q4_K</c>…</param>
/// <param name="BlockSize">Elements in a block.</param>
/// <param name="BlockBytes">Bytes of a block.</param>
/// <param name="Type">The same type in this engine, or null where it has none.</param>
public sealed record GgufTensorType(uint Id, string Name, int BlockSize, int BlockBytes, DType? Type = null)
{
    private static readonly GgufTensorType[] Known =
    [
        new(0, "F32", 1, 4, DType.Float32),
        new(1, "F16", 1, 2, DType.Float16),
        new(2, "Q4_0", DTypes.Q4BlockSize, DTypes.Q4BlockBytes, DType.Q4_0),
        new(3, "Q4_1", 32, 20),
        new(6, "Q5_0", 32, 22),
        new(7, "Q5_1", 32, 24),
        new(8, "Q8_0", DTypes.Q8BlockSize, DTypes.Q8BlockBytes, DType.Q8_0),
        new(9, "Q8_1", 32, 36),
        new(10, "Q2_K", 256, 84),
        new(11, "Q3_K", 256, 110),
        new(12, "Q4_K", 256, 144),
        new(13, "Q5_K", 256, 176),
        new(14, "Q6_K", 256, 210),
        new(15, "Q8_K", 256, 292),
        new(24, "I8", 1, 1),
        new(25, "I16", 1, 2),
        new(26, "I32", 1, 4, DType.Int32),
        new(27, "I64", 1, 8),
        new(28, "F64", 1, 8),
        new(30, "BF16", 1, 2, DType.BFloat16),
    ];

    /// <summary>The type of a number, or null where it is not known here.</summary>
    internal static GgufTensorType? Find(uint id) => Array.Find(Known, t => t.Id == id);

    /// <summary>How one of this engine's types is stored.</summary>
    internal static GgufTensorType Of(DType type) => Array.Find(Known, t => t.Type == type) ?? throw new ArgumentOutOfRangeException(nameof(type));
}
