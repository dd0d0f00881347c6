namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>A handle whose tensor exists only once the work before it has been run.</summary>
internal sealed class DeferredTensor(Shape shape, DType type) : Tensor(shape, type)
{
    public Tensor? Inner { get; set; }

    public bool IsReleased { get; set; }
}
