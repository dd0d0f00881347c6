namespace CodeTuner.Tensors;

/// <summary>
/// A handle to numbers that live in a backend's memory. Where the backend defers, the numbers may not have been
/// computed yet; <see cref="Backend.Read(Tensor, Span{float})"/> is what makes them known.
/// </summary>
public abstract class Tensor
{
    /// <summary>A handle of the given shape.</summary>
    protected Tensor(Shape shape, DType type) => (Shape, Type) = (shape, type);

    /// <summary>The sizes of the dimensions.</summary>
    public Shape Shape { get; protected internal set; }

    /// <summary>How the elements are stored.</summary>
    public DType Type { get; protected internal set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Type} {Shape}";
}
