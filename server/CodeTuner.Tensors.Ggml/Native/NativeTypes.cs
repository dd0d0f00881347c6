namespace CodeTuner.Tensors.Ggml.Native;

/// <summary>Storage types by ggml's names.</summary>
internal static class NativeTypes
{
    public static GgmlType Of(DType type) => type switch
    {
        DType.Float32 => GgmlType.F32,
        DType.BFloat16 => GgmlType.BF16,
        DType.Float16 => GgmlType.F16,
        DType.Q8_0 => GgmlType.Q8_0,
        DType.Q4_0 => GgmlType.Q4_0,
        DType.Int32 => GgmlType.I32,
        _ => throw new ArgumentException($"ggml's bindings do not know the type {type}."),
    };

    /// <summary>A matrix as ggml describes it: the row's length first.</summary>
    public static unsafe GgmlTensorStruct Describe(DType type, long columns, long rows)
    {
        GgmlTensorStruct tensor = default;
        tensor.Type = Of(type);
        (tensor.Ne[0], tensor.Ne[1], tensor.Ne[2], tensor.Ne[3]) = (columns, rows, 1, 1);
        tensor.Nb[0] = (ulong)type.BlockBytes();
        tensor.Nb[1] = (ulong)type.RowBytes(columns);
        tensor.Nb[2] = tensor.Nb[3] = tensor.Nb[1] * (ulong)rows;
        return tensor;
    }
}
