namespace CodeTuner.Tensors.Cpu;

/// <summary>A tensor in 64-byte aligned native memory.</summary>
internal sealed unsafe class CpuTensor : Tensor
{
    internal CpuTensor(void* memory, long capacity)
        : base(default, DType.Float32)
    {
        Memory = memory;
        Capacity = capacity;
    }

    public void* Memory { get; private set; }

    /// <summary>Bytes allocated, at least those of the shape.</summary>
    public long Capacity { get; }

    public float* Floats => (float*)Memory;

    public int* Ints => (int*)Memory;

    public long Count => Shape.Count;

    public bool IsReleased { get; set; }

    public void Become(Shape shape, DType type) => (Shape, Type, IsReleased) = (shape, type, false);

    public void Forget() => Memory = null;
}
