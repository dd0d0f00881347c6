using CodeTuner.Tensors.Ggml.Graphs;

namespace CodeTuner.Tensors.Ggml;

public sealed partial class GgmlBackend
{
    /// <inheritdoc/>
    public override void Gather(Tensor into, Tensor table, Tensor indices)
    {
        OperationChecks.Gather(into, table, indices);
        if (into.Shape.Count == 0)
            return;
        OperationChecks.InRange(Integers(indices), table.Shape.Rows, "row index");
        Record(GgmlOperation.Gather, [], [In(table), In(indices)], [into], g => g.Out(0, g.Nodes.GetRows(g.In(0), Indices(g, 1))));
    }

    /// <inheritdoc/>
    public override void ScatterAdd(Tensor into, Tensor rows, Tensor indices)
    {
        OperationChecks.ScatterAdd(into, rows, indices);
        if (rows.Shape.Count == 0)
            return;
        OperationChecks.InRange(Integers(indices), into.Shape.Rows, "row index");
        Record(GgmlOperation.ScatterAdd, [], [In(rows), In(indices), In(into)], [into], g =>
            g.Out(0, g.Nodes.Add(g.In(2), g.Nodes.GetRowsBack(g.In(0), Indices(g, 1), g.In(2)))));
    }
}
