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

        RecordSum(GgmlOperation.MatMul, [(int)layout, Bits(scale)], [In(a), In(b)], into, accumulate, g => g.Nodes.Scale(Product(g, g.In(0), g.In(1), layout), scale));
    }

    /// <summary>
    /// A product in terms of ggml's one fast kernel, which takes the rows of both operands. Transposing an operand costs
    /// one pass over it; ggml's outer product would save that pass, but has no fast kernel on a GPU.
    /// </summary>
    private static Node Product(OperationNodes g, Node a, Node b, MatMulLayout layout)
    {
        NodeBuilder nodes = g.Nodes;
        if (layout == MatMulLayout.NT)
            return nodes.MulMat(b, a);
        g.Detour(() => nodes.OutProd(b, layout == MatMulLayout.TN ? a : nodes.Permute(a, 1, 0, 2, 3)), "a copy in float32 that is turned, and a product of rows");
        return layout == MatMulLayout.NN
            ? nodes.MulMat(nodes.Transposed(nodes.Cast(b, GgmlType.F32)), a)
            : nodes.MulMat(nodes.Transposed(b), nodes.Transposed(a));
    }
}
