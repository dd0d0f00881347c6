namespace CodeTuner.Tensors.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void Fill(Tensor into, float value)
    {
        OperationChecks.Fill(into);
        Array.Fill(Doubles(into), value);
    }

    /// <inheritdoc/>
    public override void Copy(Tensor into, Tensor from)
    {
        OperationChecks.Copy(into, from);
        ReferenceTensor to = Of(into), source = Of(from);
        if (to.Type != source.Type)
        {
            to.Store(source.ToFloats());
            return;
        }

        source.Values.CopyTo(to.Values, 0);
        source.Integers.CopyTo(to.Integers, 0);
        source.Encoded?.CopyTo(to.Encoded!, 0);
    }

    /// <inheritdoc/>
    public override void CopyRows(Tensor into, int firstRow, Tensor from)
    {
        OperationChecks.CopyRows(into, firstRow, from);
        ReferenceTensor to = Of(into), source = Of(from);
        long first = (long)firstRow * to.Columns;
        source.Values.CopyTo(to.Values, to.Type == DType.Int32 ? 0 : first);
        source.Integers.CopyTo(to.Integers, to.Type == DType.Int32 ? first : 0);
        source.Encoded?.CopyTo(to.Encoded!, to.Type.RowBytes(to.Columns) * firstRow);
    }

    /// <inheritdoc/>
    public override void Add(Tensor into, Tensor a, Tensor b)
    {
        OperationChecks.Add(into, a, b);
        double[] to = Doubles(into), left = Doubles(a), right = Doubles(b);
        for (int i = 0; i < to.Length; i++)
            to[i] = left[i] + right[i];
    }

    /// <inheritdoc/>
    public override void AddScaled(Tensor into, Tensor x, float scale)
    {
        OperationChecks.AddScaled(into, x);
        double[] to = Doubles(into), from = Doubles(x);
        for (int i = 0; i < to.Length; i++)
            to[i] += scale * from[i];
    }

    /// <inheritdoc/>
    public override void AddBias(Tensor into, Tensor x, Tensor bias)
    {
        OperationChecks.AddBias(into, x, bias);
        double[] to = Doubles(into), from = Doubles(x), added = Doubles(bias);
        for (int i = 0; i < to.Length; i++)
            to[i] = from[i] + added[i % added.Length];
    }

    /// <inheritdoc/>
    public override void SumRows(Tensor into, Tensor x, bool accumulate)
    {
        OperationChecks.SumRows(into, x);
        double[] to = Doubles(into), from = Doubles(x);
        if (!accumulate)
            Array.Clear(to);
        for (int i = 0; i < from.Length; i++)
            to[i % to.Length] += from[i];
    }

    /// <inheritdoc/>
    public override void Dropout(Tensor into, Tensor x, float probability, ulong seed)
    {
        OperationChecks.Dropout(into, x, probability);
        double[] to = Doubles(into), from = Doubles(x);
        DropoutMask mask = new(probability, seed);
        for (int i = 0; i < to.Length; i++)
            to[i] = from[i] * mask.Factor(i);
    }
}
