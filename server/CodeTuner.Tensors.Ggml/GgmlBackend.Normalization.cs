using CodeTuner.Tensors.Ggml.Graphs;

namespace CodeTuner.Tensors.Ggml;

public sealed partial class GgmlBackend
{
    /// <inheritdoc/>
    public override void RmsNorm(Tensor into, Tensor inverseRms, Tensor x, Tensor weight, float epsilon)
    {
        OperationChecks.RmsNorm(into, inverseRms, x, weight);
        if (into.Shape.Count == 0)
            return;
        Record(GgmlOperation.RmsNorm, [Bits(epsilon)], [In(x), In(weight)], [into, inverseRms], g =>
        {
            Node rows = g.In(0);
            if (!g.IsNeeded(1))
            {
                g.Out(0, g.Nodes.Mul(g.Nodes.RmsNorm(rows, epsilon), Vector(g, 1)));
                return;
            }

            // Training keeps 1 / rms, so x is multiplied with that instead of being reduced a second time.
            Node inverse = Inverse(g.Nodes, g.Nodes.Square(rows), epsilon);
            g.Out(0, g.Nodes.Mul(g.Nodes.Mul(rows, inverse), Vector(g, 1)));
            g.Out(1, inverse);
        });
    }

    /// <inheritdoc/>
    public override void RmsNormBackward(
        Tensor? xGradient, bool accumulateX, Tensor? weightGradient, bool accumulateWeight,
        Tensor yGradient, Tensor x, Tensor weight, Tensor inverseRms)
    {
        OperationChecks.RmsNormBackward(xGradient, weightGradient, yGradient, x, weight, inverseRms);
        GgmlValue[] inputs = [In(yGradient), In(x), In(weight), In(inverseRms)];
        NormBackward(GgmlOperation.RmsNormBackward, inputs, xGradient, accumulateX, weightGradient, accumulateWeight, static g =>
        {
            // y = x · s · w and ds/dx = −s³ · x / C.
            NodeBuilder nodes = g.Nodes;
            Node dy = g.In(0), rows = g.In(1), s = PerRow(g, 3);
            Node gradient = nodes.Mul(dy, Vector(g, 2));
            Node along = nodes.SumRows(nodes.Mul(gradient, rows)); // (1, R)
            Node back = nodes.Scale(nodes.Mul(nodes.Mul(along, s), nodes.Square(s)), 1f / rows.Ne(0));
            Node dx = nodes.Sub(nodes.Mul(gradient, s), nodes.Mul(rows, back));
            return (dx, nodes.SumColumns(nodes.Mul(nodes.Mul(dy, rows), s)));
        });
    }

    /// <inheritdoc/>
    public override void LayerNorm(Tensor into, Tensor mean, Tensor inverseDeviation, Tensor x, Tensor weight, Tensor bias, float epsilon)
    {
        OperationChecks.LayerNorm(into, mean, inverseDeviation, x, weight, bias);
        if (into.Shape.Count == 0)
            return;
        Record(GgmlOperation.LayerNorm, [Bits(epsilon)], [In(x), In(weight), In(bias)], [into, mean, inverseDeviation], g =>
        {
            Node rows = g.In(0);
            Node average = g.Nodes.Scale(g.Nodes.SumRows(rows), 1f / rows.Ne(0));
            Node centred = g.Nodes.Sub(rows, average);
            Node inverse = Inverse(g.Nodes, g.Nodes.Square(centred), epsilon);
            g.Out(0, g.Nodes.Add(g.Nodes.Mul(g.Nodes.Mul(centred, inverse), Vector(g, 1)), Vector(g, 2)));
            g.Out(1, average);
            g.Out(2, inverse);
        });
    }

    /// <inheritdoc/>
    public override void LayerNormBackward(
        Tensor? xGradient, bool accumulateX, Tensor? weightGradient, bool accumulateWeight,
        Tensor yGradient, Tensor x, Tensor weight, Tensor mean, Tensor inverseDeviation)
    {
        OperationChecks.LayerNormBackward(xGradient, weightGradient, yGradient, x, weight, mean, inverseDeviation);
        GgmlValue[] inputs = [In(yGradient), In(x), In(weight), In(mean), In(inverseDeviation)];
        NormBackward(GgmlOperation.LayerNormBackward, inputs, xGradient, accumulateX, weightGradient, accumulateWeight, static g =>
        {
            // With x̂ = (x − mean) · s and g = w · dy: dx = s · (g − mean(g) − x̂ · mean(g · x̂)).
            NodeBuilder nodes = g.Nodes;
            Node dy = g.In(0), rows = g.In(1), s = PerRow(g, 4);
            float share = 1f / rows.Ne(0);
            Node normal = nodes.Mul(nodes.Sub(rows, PerRow(g, 3)), s);
            Node gradient = nodes.Mul(dy, Vector(g, 2));
            Node average = nodes.Scale(nodes.SumRows(gradient), share);
            Node along = nodes.Scale(nodes.SumRows(nodes.Mul(gradient, normal)), share);
            Node dx = nodes.Mul(nodes.Sub(nodes.Sub(gradient, average), nodes.Mul(normal, along)), s);
            return (dx, nodes.SumColumns(nodes.Mul(dy, normal)));
        });
    }

    /// <summary>1 / √(mean of each row + ε), as √u / u: there is no reciprocal.</summary>
    private static Node Inverse(NodeBuilder nodes, Node squares, float epsilon)
    {
        Node u = nodes.Scale(nodes.SumRows(squares), 1f / squares.Ne(0), epsilon);
        return nodes.Div(nodes.Sqrt(u), u);
    }

    /// <summary>An operand of one number a row, as (1, R).</summary>
    private static Node PerRow(OperationNodes g, int input) => g.Nodes.Reshape(g.In(input), 1, g.In(input).Count);

    private void NormBackward(
        GgmlOperation name, GgmlValue[] inputs, Tensor? xGradient, bool accumulateX, Tensor? weightGradient, bool accumulateWeight,
        Func<OperationNodes, (Node X, Node Weight)> build)
    {
        if (inputs[0].Rows == 0 || (xGradient is null && weightGradient is null))
        {
            if (weightGradient is not null && !accumulateWeight)
                Fill(weightGradient, 0);
            return;
        }

        int addX = -1, addWeight = -1;
        List<GgmlValue> all = [.. inputs];
        if (xGradient is not null && accumulateX)
        {
            addX = all.Count;
            all.Add(In(xGradient));
        }

        if (weightGradient is not null && accumulateWeight)
        {
            addWeight = all.Count;
            all.Add(In(weightGradient));
        }

        Tensor[] outputs = [.. new[] { xGradient, weightGradient }.OfType<Tensor>()];
        Record(name, [xGradient is null ? 0 : 1, addX, addWeight], [.. all], outputs, g =>
        {
            (Node dx, Node dw) = build(g);
            if (xGradient is not null)
                g.Out(0, addX < 0 ? dx : Accumulated(g, addX, dx));
            if (weightGradient is not null)
                g.Out(outputs.Length - 1, addWeight < 0 ? dw : Accumulated(g, addWeight, dw));
        });
    }
}
