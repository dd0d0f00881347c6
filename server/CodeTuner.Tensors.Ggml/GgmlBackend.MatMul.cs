using CodeTuner.Tensors.Ggml.Graphs;
using CodeTuner.Tensors.Ggml.Native;

namespace CodeTuner.Tensors.Ggml;

public sealed partial class GgmlBackend
{
    /// <inheritdoc/>
    public override void MatMul(Tensor into, Tensor a, Tensor b, MatMulLayout layout, bool accumulate = false, float scale = 1)
    {
        (_, _, int depth) = OperationChecks.MatMul(into, a, b, layout);
        if (into.Shape.Count == 0)
            return;
        if (depth == 0)
        {
            if (!accumulate)
                Fill(into, 0);
            return;
        }

        RecordSum(GgmlOperation.MatMul, [(int)layout, Bits(scale)], [In(a), In(b)], into, accumulate, g => g.Nodes.Scale(Product(g.Nodes, g.In(0), g.In(1), layout), scale));
    }

    /// <summary>
    /// A product in terms of ggml's one fast kernel, which takes the rows of both operands. Transposing an operand costs
    /// one pass over it; ggml's outer product would save that pass, but has no fast kernel on a GPU.
    /// </summary>
    private static Node Product(NodeBuilder nodes, Node a, Node b, MatMulLayout layout) => layout switch
    {
        MatMulLayout.NT => nodes.MulMat(b, a),
        MatMulLayout.NN => nodes.MulMat(nodes.Transposed(nodes.Cast(b, GgmlType.F32)), a),
        _ => nodes.MulMat(nodes.Transposed(b), nodes.Transposed(a)),
    };
}
