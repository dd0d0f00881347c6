using CodeTuner.Tensors.Ggml.Graphs;

namespace CodeTuner.Tensors.Ggml;

public sealed partial class GgmlBackend
{
    /// <inheritdoc/>
    public override void Rotary(Tensor into, Tensor x, Tensor positions, Tensor table, int headSize, bool inverse = false, bool accumulate = false)
    {
        OperationChecks.Rotary(into, x, positions, table, headSize);
        if (into.Shape.Count == 0)
            return;
        OperationChecks.InRange(Integers(positions), table.Shape.Rows, "position");
        RecordSum(GgmlOperation.Rotary, [headSize, inverse ? 1 : 0], [In(x), In(positions), In(table)], into, accumulate, g =>
        {
            // The table decides the angles, with whatever scaling the model has; ggml's own rotary would make them anew.
            NodeBuilder nodes = g.Nodes;
            Node from = g.In(0);
            long half = headSize / 2, heads = from.Ne(0) / headSize, rows = from.Ne(1);
            Node angles = g.Shared((int)GgmlOperation.Rotary, 1, 2, () => nodes.GetRows(g.In(2), Indices(g, 1))); // (D, R)
            Node Angles(int part) => nodes.View(angles, (half, 1, rows, 1), (angles.Nb(1), angles.Nb(1), angles.Nb(1) * (nuint)rows), (nuint)(part * half * sizeof(float)));
            Node Half(int part) => nodes.View(
                from, (half, heads, rows, 1), ((nuint)(headSize * sizeof(float)), from.Nb(1), from.Nb(1) * (nuint)rows), (nuint)(part * half * sizeof(float)));
            Node cos = Angles(0), sin = Angles(1), a = Half(0), b = Half(1); // (D/2, 1, R) and (D/2, H, R)
            (Node aCos, Node aSin, Node bCos, Node bSin) = (nodes.Mul(a, cos), nodes.Mul(a, sin), nodes.Mul(b, cos), nodes.Mul(b, sin));
            Node turned = inverse
                ? nodes.Concat(nodes.Add(aCos, bSin), nodes.Sub(bCos, aSin), 0)
                : nodes.Concat(nodes.Sub(aCos, bSin), nodes.Add(bCos, aSin), 0);
            return nodes.Reshape(turned, from.Ne(0), rows);
        });
    }

    /// <summary>An operand of integers as one row.</summary>
    private static Node Indices(OperationNodes g, int input) => Vector(g, input);
}
