namespace CodeTuner.Tensors.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void Gather(Tensor into, Tensor table, Tensor indices)
    {
        OperationChecks.Gather(into, table, indices);
        int[] rows = Of(indices).Integers;
        OperationChecks.InRange(rows, table.Shape.Rows, "row index");
        double[] to = Doubles(into), from = Doubles(table);
        int columns = into.Shape.Columns;
        for (int i = 0; i < rows.Length; i++)
        {
            for (int c = 0; c < columns; c++)
                to[(i * columns) + c] = from[(rows[i] * columns) + c];
        }
    }

    /// <inheritdoc/>
    public override void ScatterAdd(Tensor into, Tensor rows, Tensor indices)
    {
        OperationChecks.ScatterAdd(into, rows, indices);
        int[] places = Of(indices).Integers;
        OperationChecks.InRange(places, into.Shape.Rows, "row index");
        double[] to = Doubles(into), from = Doubles(rows);
        int columns = into.Shape.Columns;
        for (int i = 0; i < places.Length; i++)
        {
            for (int c = 0; c < columns; c++)
                to[(places[i] * columns) + c] += from[(i * columns) + c];
        }
    }
}
