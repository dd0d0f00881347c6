namespace CodeTuner.Tensors.TorchSharp;

public sealed partial class TorchSharpBackend
{
    /// <inheritdoc/>
    public override void Gather(Tensor into, Tensor table, Tensor indices)
    {
        OperationChecks.Gather(into, table, indices);
        TorchSharpTensor from = Of(table), rows = Of(indices);
        OperationChecks.InRange(rows.Integers, from.Rows, "row index");
        Do(() =>
        {
            if (!from.Type.IsQuantised())
            {
                TorchTensor gathered = from.Value.index_select(0, rows.Value);
                Store(into, from.Type == DType.Float32 ? gathered : gathered.to(torch.ScalarType.Float32));
                return;
            }

            // The rows that are asked for, not the whole table, become float32.
            int blocks = from.Columns / from.Type.BlockSize();
            TorchTensor quants = from.Value.view(from.Rows, from.Columns).index_select(0, rows.Value); // (N, C)
            TorchTensor scales = from.Scales.view(from.Rows, blocks).index_select(0, rows.Value); // (N, C / 32)
            Store(into, QuantisedBlocks.Dequantize(quants.view(-1, from.Type.BlockSize()), scales.view(-1, 1)));
        });
    }

    /// <inheritdoc/>
    public override void ScatterAdd(Tensor into, Tensor rows, Tensor indices)
    {
        OperationChecks.ScatterAdd(into, rows, indices);
        TorchSharpTensor places = Of(indices);
        OperationChecks.InRange(places.Integers, into.Shape.Rows, "row index");
        Do(() => Values(into).index_add_(0, places.Value, Values(rows), 1));
    }
}
