using CodeTuner.Tensors.Ggml.Native;

namespace CodeTuner.Tensors.Ggml.Graphs;

/// <summary>
/// What a tensor holds between two operations that write it. An operation never changes a value: it gives its tensor a
/// new one. So recorded operations keep the values that they were asked with, whatever happens to the tensors.
/// </summary>
internal sealed class GgmlValue(DType type, Shape shape)
{
    public DType Type { get; } = type;

    public long Columns { get; } = shape.Columns;

    public long Rows { get; } = shape.Rows;

    /// <summary>Where it is stored; null for one that is yet to be computed, or was never set.</summary>
    public DeviceBlock? Block { get; set; }

    /// <summary>Whether recorded work is yet to compute it.</summary>
    public bool IsPending { get; set; }

    /// <summary>Integers as they are on the host, where they are checked and masks are made from them.</summary>
    public int[]? Integers { get; set; }

    /// <summary>Its number in the recording, or -1.</summary>
    public int Slot { get; set; } = -1;

    public GgmlType NativeType => NativeTypes.Of(Type);
}
