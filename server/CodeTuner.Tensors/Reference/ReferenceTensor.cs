using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Reference;

/// <summary>A tensor held as plain arrays; a storage type other than float32 also keeps its bytes.</summary>
internal sealed class ReferenceTensor : Tensor
{
    public ReferenceTensor(Shape shape, DType type)
        : base(shape, type)
    {
        Size = type.Bytes(shape);
        if (type == DType.Int32)
        {
            Integers = new int[shape.Count];
            Array.Fill(Integers, int.MinValue);
            return;
        }

        // What a fresh tensor holds is undefined: NaN, so that whoever reads it too early sees it.
        Values = new double[shape.Count];
        Array.Fill(Values, double.NaN);
        if (type != DType.Float32)
        {
            Encoded = new byte[Size];
            Array.Fill(Encoded, (byte)0xFF);
        }
    }

    /// <summary>The numbers as they were stored; empty for integers.</summary>
    public double[] Values { get; } = [];

    /// <summary>The integers; empty for the float types.</summary>
    public int[] Integers { get; } = [];

    /// <summary>The bytes of a storage type that rounds; null for float32 and integers.</summary>
    public byte[]? Encoded { get; }

    public long Size { get; }

    public bool IsReleased { get; set; }

    public int Rows => Shape.Rows;

    public int Columns => Shape.Columns;

    /// <summary>Stores floats, rounded to the type.</summary>
    public void Store(ReadOnlySpan<float> values)
    {
        if (Encoded is null)
        {
            for (int i = 0; i < values.Length; i++)
                Values[i] = values[i];
            return;
        }

        StorageFormats.Encode(values, Encoded, Type);
        Decode();
    }

    /// <summary>Takes <see cref="Encoded"/>'s bytes as the truth.</summary>
    public void Decode()
    {
        float[] decoded = new float[Values.Length];
        StorageFormats.Decode(Encoded, decoded, Type);
        for (int i = 0; i < decoded.Length; i++)
            Values[i] = decoded[i];
    }

    public float[] ToFloats() => Array.ConvertAll(Values, value => (float)value);
}
