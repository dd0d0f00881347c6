using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.Reference;

/// <summary>
/// The oracle that other backends are tested against: plain loops in double precision, one for each formula of
/// <see cref="Backend"/>. Slow on purpose; nothing is blocked, fused or reordered.
/// </summary>
/// <remarks>
/// A float32 tensor keeps the full double, so that finite differences work; <see cref="Read(Tensor, Span{float})"/>
/// rounds. The other storage types hold what a real backend would hold. A fresh tensor holds NaN.
/// </remarks>
public sealed partial class ReferenceBackend : Backend
{
    private long allocated;

    /// <inheritdoc/>
    public override string Name => "Reference (double)";

    /// <inheritdoc/>
    public override long AllocatedBytes => allocated;

    /// <inheritdoc/>
    public override Tensor Allocate(Shape shape, DType type = DType.Float32)
    {
        ReferenceTensor tensor = new(shape, type);
        allocated += tensor.Size;
        return tensor;
    }

    /// <inheritdoc/>
    public override void Release(Tensor tensor)
    {
        ReferenceTensor own = Of(tensor);
        own.IsReleased = true;
        allocated -= own.Size;
    }

    /// <inheritdoc/>
    public override void Write(Tensor into, ReadOnlySpan<float> values)
    {
        OperationChecks.Count(into, values.Length);
        OperationChecks.AnyFloats(into, nameof(into));
        Of(into).Store(values);
    }

    /// <inheritdoc/>
    public override void Write(Tensor into, ReadOnlySpan<int> values)
    {
        OperationChecks.Count(into, values.Length);
        OperationChecks.Integers(into, nameof(into));
        values.CopyTo(Of(into).Integers);
    }

    /// <summary>Stores doubles without rounding them.</summary>
    /// <exception cref="ArgumentException">The tensor is not float32, or of another size.</exception>
    public void WriteDoubles(Tensor into, ReadOnlySpan<double> values)
    {
        OperationChecks.Count(into, values.Length);
        OperationChecks.Floats(into, nameof(into));
        values.CopyTo(Of(into).Values);
    }

    /// <inheritdoc/>
    public override void WriteBytes(Tensor into, ReadOnlySpan<byte> bytes)
    {
        OperationChecks.Bytes(into, bytes.Length);
        ReferenceTensor to = Of(into);
        if (to.Type == DType.Int32)
        {
            MemoryMarshal.Cast<byte, int>(bytes).CopyTo(to.Integers);
        }
        else if (to.Encoded is null)
        {
            to.Store(MemoryMarshal.Cast<byte, float>(bytes));
        }
        else
        {
            bytes.CopyTo(to.Encoded);
            to.Decode();
        }
    }

    /// <inheritdoc/>
    public override void Read(Tensor from, Span<float> values)
    {
        OperationChecks.Count(from, values.Length);
        OperationChecks.AnyFloats(from, nameof(from));
        Of(from).ToFloats().CopyTo(values);
    }

    /// <summary>Reads without rounding to float32.</summary>
    /// <exception cref="ArgumentException">The tensor holds integers.</exception>
    public double[] ReadDoubles(Tensor from)
    {
        OperationChecks.AnyFloats(from, nameof(from));
        return [.. Of(from).Values];
    }

    /// <inheritdoc/>
    public override void ReadBytes(Tensor from, Span<byte> bytes)
    {
        OperationChecks.Bytes(from, bytes.Length);
        ReferenceTensor source = Of(from);
        if (source.Type == DType.Int32)
            MemoryMarshal.AsBytes<int>(source.Integers).CopyTo(bytes);
        else if (source.Encoded is null)
            MemoryMarshal.AsBytes<float>(source.ToFloats()).CopyTo(bytes);
        else
            source.Encoded.CopyTo(bytes);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Every operation is done when its call returns.
    }

    private static ReferenceTensor Of(Tensor tensor)
    {
        if (tensor is not ReferenceTensor own)
            throw new ArgumentException($"A tensor of another backend was given: {tensor.GetType().Name} {tensor}.");
        ObjectDisposedException.ThrowIf(own.IsReleased, own);
        return own;
    }

    private static double[] Doubles(Tensor tensor) => Of(tensor).Values;
}
