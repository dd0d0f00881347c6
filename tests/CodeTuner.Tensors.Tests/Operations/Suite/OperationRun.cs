using CodeTuner.Tensors.Reference;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>
/// One run of an <see cref="OperationCase"/>. Two runs of a case draw the same numbers, whatever their backends.
/// </summary>
public sealed class OperationRun(Backend backend, string name)
{
    private readonly Random random = new(name.Aggregate(17, (hash, c) => unchecked((hash * 31) + c)));
    private readonly List<Tensor> tensors = [];
    private readonly List<(Tensor Tensor, byte[] Bytes)> inputs = [];
    private readonly List<(string Name, Tensor Tensor, double Tolerance, double Magnitude)> results = [];

    public Backend Backend => backend;

    /// <summary>An operand that no operation may change.</summary>
    public Tensor Input(Shape shape, DType type = DType.Float32, double scale = 1)
    {
        // What it holds is worked out here: reading it would make a backend that defers run everything.
        float[] values = Numbers(shape, scale);
        byte[] bytes = new byte[type.Bytes(shape)];
        StorageFormats.Encode(values, bytes, type);
        Tensor tensor = Written(values, shape, type);
        inputs.Add((tensor, bytes));
        return tensor;
    }

    /// <summary>An operand of integers.</summary>
    public Tensor Integers(params int[] values)
    {
        Tensor tensor = Allocate(new Shape(values.Length), DType.Int32);
        backend.Write(tensor, values);
        return tensor;
    }

    /// <summary>Integers from 0 up to a limit.</summary>
    public Tensor Integers(int count, int limit) => Integers([.. Enumerable.Range(0, count).Select(_ => random.Next(limit))]);

    /// <summary>A tensor that is overwritten: it holds NaN, so that reading it before shows.</summary>
    public Tensor Output(Shape shape)
    {
        Tensor tensor = Allocate(shape, DType.Float32);
        float[] poison = new float[shape.Count];
        Array.Fill(poison, float.NaN);
        backend.Write(tensor, poison);
        return tensor;
    }

    /// <summary>A tensor that is added to or worked on in place.</summary>
    public Tensor Updated(Shape shape, DType type = DType.Float32, double scale = 1) => Written(Numbers(shape, scale), shape, type);

    /// <summary>A tensor of zeros that is worked on in place.</summary>
    public Tensor Zeros(Shape shape) => Updated(shape, scale: 0);

    /// <summary>A tensor that an operation overwrites, or adds to.</summary>
    public Tensor Result(Shape shape, bool accumulate) => accumulate ? Updated(shape) : Output(shape);

    /// <summary>An unset tensor.</summary>
    public Tensor Allocate(Shape shape, DType type)
    {
        Tensor tensor = backend.Allocate(shape, type);
        tensors.Add(tensor);
        return tensor;
    }

    /// <summary>
    /// Says that a tensor holds a result. An element may differ from the reference by <paramref name="tolerance"/> of
    /// its own size, of the tensor's root mean square or of <paramref name="magnitude"/> (how large the terms of a sum
    /// are that may cancel), whichever is larger; 0 asks for the same bytes.
    /// </summary>
    public void Compare(string result, Tensor tensor, double tolerance = 2e-6, double magnitude = 0) =>
        results.Add((result, tensor, tolerance, magnitude));

    public IReadOnlyList<OperationResult> Results() =>
        [.. results.Select(r => new OperationResult(r.Name, Read(r.Tensor), Bytes(r.Tensor), r.Tolerance, r.Magnitude))];

    public void AssertInputsUnchanged()
    {
        foreach ((Tensor tensor, byte[] bytes) in inputs)
            Assert.True(bytes.AsSpan().SequenceEqual(Bytes(tensor)), $"{name}: an operand {tensor} was changed.");
    }

    /// <summary>Gives back every operand that is no result and reuses its memory, as a caller that is done with it may.</summary>
    public void ReleaseOperands()
    {
        foreach (Tensor tensor in tensors.Where(t => results.All(r => r.Tensor != t)))
        {
            (Shape shape, DType type) = (tensor.Shape, tensor.Type);
            backend.Release(tensor);
            backend.WriteBytes(backend.Allocate(shape, type), new byte[type.Bytes(shape)]);
        }
    }

    private Tensor Written(float[] values, Shape shape, DType type)
    {
        Tensor tensor = Allocate(shape, type);
        backend.Write(tensor, values);
        return tensor;
    }

    /// <summary>Evenly spread with a standard deviation of <paramref name="scale"/>.</summary>
    private float[] Numbers(Shape shape, double scale)
    {
        float[] values = new float[shape.Count];
        double width = scale * Math.Sqrt(3);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(width * ((2 * random.NextDouble()) - 1));
        return values;
    }

    private double[] Read(Tensor tensor)
    {
        if (tensor.Type == DType.Int32)
            return [];
        if (backend is ReferenceBackend reference)
            return reference.ReadDoubles(tensor);
        float[] values = new float[tensor.Shape.Count];
        backend.Read(tensor, values);
        return Array.ConvertAll(values, value => (double)value);
    }

    private byte[] Bytes(Tensor tensor)
    {
        byte[] bytes = new byte[tensor.Type.Bytes(tensor.Shape)];
        backend.ReadBytes(tensor, bytes);
        return bytes;
    }
}
