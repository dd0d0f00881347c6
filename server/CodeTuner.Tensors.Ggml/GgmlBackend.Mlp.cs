using CodeTuner.Tensors.Ggml.Graphs;

namespace CodeTuner.Tensors.Ggml;

public sealed partial class GgmlBackend
{
    // GELU in its tanh form, 0.5 · x · (1 + tanh(a · (x + b · x³))), Hendrycks and Gimpel 2016, arXiv 1606.08415.
    private const float GeluA = 0.7978845608f, GeluB = 0.044715f;

    /// <inheritdoc/>
    public override void GatedActivation(Tensor into, Tensor gate, Tensor up, Activation activation)
    {
        OperationChecks.GatedActivation(into, gate, up);
        if (into.Shape.Count == 0)
            return;
        Record(GgmlOperation.GatedActivation, [(int)activation], [In(gate), In(up)], [into], g =>
        {
            Node x = g.In(0);
            g.Out(0, g.Nodes.Mul(activation == Activation.Silu ? g.Nodes.Silu(x) : Gelu(g.Nodes, x).Value, g.In(1)));
        });
    }

    /// <inheritdoc/>
    public override void GatedActivationBackward(Tensor gateGradient, Tensor upGradient, Tensor outputGradient, Tensor gate, Tensor up, Activation activation)
    {
        OperationChecks.GatedActivationBackward(gateGradient, upGradient, outputGradient, gate, up);
        if (gate.Shape.Count == 0)
            return;
        Record(GgmlOperation.GatedActivationBackward, [(int)activation], [In(outputGradient), In(gate), In(up)], [gateGradient, upGradient], g =>
        {
            NodeBuilder nodes = g.Nodes;
            Node dy = g.In(0), x = g.In(1), towards = nodes.Mul(dy, g.In(2));
            if (activation == Activation.Silu)
            {
                g.Out(0, nodes.SiluBack(towards, x));
                g.Out(1, nodes.Mul(dy, nodes.Silu(x)));
                return;
            }

            (Node value, Node derivative) = Gelu(nodes, x);
            g.Out(0, nodes.Mul(towards, derivative));
            g.Out(1, nodes.Mul(dy, value));
        });
    }

    /// <summary>Written out, as ggml's own looks it up in a table of float16 on the CPU and has no backward.</summary>
    private static (Node Value, Node Derivative) Gelu(NodeBuilder nodes, Node x)
    {
        Node square = nodes.Square(x);

        // 0.5 · (1 + tanh(u)) is sigmoid(2u), which loses no digits where the tanh is near −1.
        Node share = nodes.Sigmoid(nodes.Scale(nodes.Mul(x, nodes.Scale(square, GeluB, 1)), 2 * GeluA));

        // 0.5 · (1 − tanh²) is 2 · share · (1 − share).
        Node slope = nodes.Mul(nodes.Mul(nodes.Scale(share, 2 * GeluA), nodes.Scale(share, -1, 1)), nodes.Mul(x, nodes.Scale(square, 3 * GeluB, 1)));
        return (nodes.Mul(x, share), nodes.Add(share, slope));
    }
}
