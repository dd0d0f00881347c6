namespace CodeTuner.Tensors.TorchSharp;

/// <summary>
/// A tensor in libtorch's memory, as a contiguous matrix of <see cref="Shape.Rows"/> × <see cref="Shape.Columns"/>.
/// Nothing is allocated before the first use, because most operations bring their result with them.
/// </summary>
internal sealed class TorchSharpTensor(Shape shape, DType type, torch.Device device) : Tensor(shape, type), IDisposable
{
    private TorchTensor? value;
    private TorchTensor? scales;
    private int[]? integers = type == DType.Int32 ? new int[shape.Count] : null;

    public bool IsReleased { get; private set; }

    public int Rows => Shape.Rows;

    public int Columns => Shape.Columns;

    /// <summary>Bytes on the device once it is filled. Integers take eight each, as libtorch's indices do, and half bytes a whole one.</summary>
    public long Size => Type == DType.Int32 ? Shape.Count * 8 : (Type == DType.Q4_0 ? DType.Q8_0 : Type).Bytes(Shape);

    /// <summary>
    /// (Rows, Columns) of the storage type. In a quantised type: an int8 for each element of the blocks, (Rows · Columns / 32, 32).
    /// Of integers: a copy on the device, as int64.
    /// </summary>
    public TorchTensor Value => value ??= integers is null
        ? torch.empty(Dimensions, ScalarTypeOf(Type), device).DetachFromDisposeScope()
        : HostMemory.Upload<int>(integers, [Shape.Count], torch.ScalarType.Int32, device).to(torch.ScalarType.Int64).DetachFromDisposeScope();

    /// <summary>A quantised type's float16 scales, (Rows · Columns / 32, 1).</summary>
    public TorchTensor Scales => scales ??= torch.empty([Blocks, 1], torch.ScalarType.Float16, device).DetachFromDisposeScope();

    /// <summary>
    /// The integers. They are kept in the process's own memory too: only callers write them, and looking whether
    /// an index is in range must not wait for a device.
    /// </summary>
    public ReadOnlySpan<int> Integers => integers;

    public long Blocks => Shape.Count / Type.BlockSize();

    private long[] Dimensions => Type.IsQuantised() ? [Blocks, Type.BlockSize()] : [Rows, Columns];

    public static torch.ScalarType ScalarTypeOf(DType type) => type switch
    {
        DType.Float32 => torch.ScalarType.Float32,
        DType.BFloat16 => torch.ScalarType.BFloat16,
        DType.Float16 => torch.ScalarType.Float16,
        DType.Q8_0 or DType.Q4_0 => torch.ScalarType.Int8,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>
    /// Takes over a tensor that nobody else holds, in place of what was here.
    /// </summary>
    /// <param name="result">The elements in row order, in any shape, of the storage type.</param>
    /// <param name="resultScales">A quantised type's scales.</param>
    public void Become(TorchTensor result, TorchTensor? resultScales = null)
    {
        TorchTensor taken = result.reshape(Dimensions).contiguous();
        if (taken.dtype != ScalarTypeOf(Type))
            throw new InvalidOperationException($"A result of {taken.dtype} was given to {this}.");
        value?.Dispose();
        value = taken.DetachFromDisposeScope();
        if (resultScales is null)
            return;
        scales?.Dispose();
        scales = resultScales.reshape(Blocks, 1).contiguous().DetachFromDisposeScope();
    }

    /// <summary>Overwrites integers from one on.</summary>
    public void WriteIntegers(ReadOnlySpan<int> from, int first = 0)
    {
        from.CopyTo(integers.AsSpan(first));
        value?.Dispose();
        value = null;
    }

    public void Dispose()
    {
        IsReleased = true;
        value?.Dispose();
        scales?.Dispose();
        value = scales = null;
        integers = null;
    }
}
