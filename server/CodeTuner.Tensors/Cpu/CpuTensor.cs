using CodeTuner.Tensors.Cpu.Quantised;

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

    /// <summary>Bytes that the elements take as they lie here.</summary>
    public long StoredBytes => StoredBytesOf(Shape, Type);

    /// <summary>Bytes that elements take as they lie here: quantised types in panels, the others as everywhere.</summary>
    public static long StoredBytesOf(Shape shape, DType type)
    {
        long bytes = type.Bytes(shape);
        return type.IsQuantised() && bytes > 0 ? Panels.Bytes(type, shape.Count / shape.Columns, shape.Columns) : bytes;
    }

    public void Become(Shape shape, DType type) => (Shape, Type, IsReleased) = (shape, type, false);

    public void Forget() => Memory = null;
}
