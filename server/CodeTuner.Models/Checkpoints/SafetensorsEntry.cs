using CodeTuner.Tensors;

namespace CodeTuner.Models.Checkpoints;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">The type as the format spells it: <c>F32</c>, <c>BF16</c>, <c>F16</c>, <c>I64</c>…</param>
/// <param name="Shape">The sizes of its dimensions; empty for a scalar.</param>
/// <param name="Begin">The first byte, from the start of the data.</param>
/// <param name="End">The byte after the last.</param>
public sealed record SafetensorsEntry(string Name, string TypeName, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>The number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>The storage type in this engine, or null where it has none (integers, float64).</summary>
    public DType? Type => TypeName switch
    {
        "F32" => DType.Float32,
        "BF16" => DType.BFloat16,
        "F16" => DType.Float16,
        _ => null,
    };

    /// <summary>Bytes of an element of a type, or null for a type that the format does not have.</summary>
    internal static int? BytesOf(string typeName) => typeName switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" => 1,
        _ => null,
    };
}
