namespace CodeTuner.Tensors.TorchSharp;

public sealed partial class TorchSharpBackend
{
    /// <inheritdoc/>
    public override void Fill(Tensor into, float value)
    {
        OperationChecks.Fill(into);
        Do(() => Values(into).fill_(value));
    }

    /// <inheritdoc/>
    public override void Copy(Tensor into, Tensor from)
    {
        OperationChecks.Copy(into, from);
        TorchSharpTensor to = Of(into), source = Of(from);
        Do(() =>
        {
            if (to.Type == DType.Int32)
            {
                to.WriteIntegers(source.Integers);
            }
            else if (to.Type == source.Type)
            {
                to.Become(source.Value.clone(), to.Type.IsQuantised() ? source.Scales.clone() : null);
            }
            else if (to.Type.IsQuantised())
            {
                (TorchTensor quants, TorchTensor scales) = QuantisedBlocks.Quantize(to.Type, AsFloats(source));
                to.Become(quants, scales);
            }
            else
            {
                // By way of float32, which holds each of them exactly; where that is the target, it was made for this.
                to.Become(to.Type == DType.Float32 ? AsFloats(source) : AsFloats(source).to(TorchSharpTensor.ScalarTypeOf(to.Type)));
            }
        });
    }

    /// <inheritdoc/>
    public override void CopyRows(Tensor into, int firstRow, Tensor from)
    {
        OperationChecks.CopyRows(into, firstRow, from);
        TorchSharpTensor to = Of(into), source = Of(from);
        Do(() =>
        {
            switch (to.Type)
            {
                case DType.Int32:
                    to.WriteIntegers(source.Integers, firstRow * to.Columns);
                    break;
                case DType.Q8_0 or DType.Q4_0:
                    long first = (long)firstRow * to.Columns / to.Type.BlockSize();
                    to.Value.narrow(0, first, source.Blocks).copy_(source.Value);
                    to.Scales.narrow(0, first, source.Blocks).copy_(source.Scales);
                    break;
                default:
                    to.Value.narrow(0, firstRow, source.Rows).copy_(source.Value);
                    break;
            }
        });
    }

    /// <inheritdoc/>
    public override void Add(Tensor into, Tensor a, Tensor b)
    {
        OperationChecks.Add(into, a, b);
        Do(() => Store(into, Values(a).add(Values(b))));
    }

    /// <inheritdoc/>
    public override void AddScaled(Tensor into, Tensor x, float scale)
    {
        OperationChecks.AddScaled(into, x);
        Do(() => Values(into).add_(Values(x), scale));
    }

    /// <inheritdoc/>
    public override void AddBias(Tensor into, Tensor x, Tensor bias)
    {
        OperationChecks.AddBias(into, x, bias);
        Do(() => Store(into, Values(x).add(Values(bias).reshape(-1))));
    }

    /// <inheritdoc/>
    public override void SumRows(Tensor into, Tensor x, bool accumulate)
    {
        OperationChecks.SumRows(into, x);
        Do(() => Store(into, Values(x).sum([0]), accumulate));
    }

    /// <inheritdoc/>
    public override void Dropout(Tensor into, Tensor x, float probability, ulong seed)
    {
        OperationChecks.Dropout(into, x, probability);
        Do(() => Store(into, Values(x).mul(DropoutFactors.Of(new DropoutMask(probability, seed), x.Shape.Count, device).reshape(Of(x).Rows, Of(x).Columns))));
    }
}
