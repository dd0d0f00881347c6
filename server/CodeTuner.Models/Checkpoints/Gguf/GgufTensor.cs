namespace CodeTuner.Models.Checkpoints.Gguf;

/// <summary>One tensor of a GGUF file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">How it is stored.</param>
/// <param name="Shape">The sizes of its dimensions, the row's length last; the file itself has them the other way round.</param>
/// <param name="Offset">Its first byte, from the start of the data.</param>
/// <param name="Bytes">Its size.</param>
public sealed record GgufTensor(string Name, GgufTensorType Type, IReadOnlyList<long> Shape, long Offset, long Bytes)
{
    /// <summary>The number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));
}
