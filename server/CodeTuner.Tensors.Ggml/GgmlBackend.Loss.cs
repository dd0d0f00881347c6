using System.Runtime.InteropServices;
using CodeTuner.Tensors.Ggml.Graphs;
using CodeTuner.Tensors.Ggml.Native;

namespace CodeTuner.Tensors.Ggml;

public sealed partial class GgmlBackend
{
    /// <inheritdoc/>
    public override void LinearCrossEntropy(
        Tensor losses, Tensor hidden, Tensor weight, Tensor targets, float gradientScale,
        Tensor? hiddenGradient, Tensor? weightGradient, bool accumulateWeight)
    {
        OperationChecks.LinearCrossEntropy(losses, hidden, weight, targets, hiddenGradient, weightGradient);
        int[] target = Integers(targets);
        int rows = target.Length, vocabulary = weight.Shape.Rows, columns = weight.Shape.Columns;
        OperationChecks.InRange(target, vocabulary, "target");
        if (rows == 0)
        {
            if (weightGradient is not null && !accumulateWeight)
                Fill(weightGradient, 0);
            return;
        }

        // A chunk holds its logits twice, and their places must be countable in 32 bits.
        int step = (int)Math.Clamp(options.ScratchBytes / (2L * sizeof(float) * vocabulary), 1, Math.Min(rows, int.MaxValue / vocabulary));
        int[] places = new int[rows];
        for (int i = 0; i < rows; i++)
            places[i] = (i % step * vocabulary) + target[i];
        GgmlValue at = Extra(DType.Int32, new Shape(rows), MemoryMarshal.AsBytes<int>(places));
        List<GgmlValue> inputs = [In(hidden), In(weight), In(targets), at];
        bool add = weightGradient is not null && accumulateWeight;
        if (add)
            inputs.Add(In(weightGradient!));
        Tensor[] outputs = [losses, .. new[] { hiddenGradient, weightGradient }.OfType<Tensor>()];
        int slabs = Slabs(vocabulary, columns).Count(), chunks = ((rows - 1) / step) + 1;
        int[] numbers = [Bits(gradientScale), step, hiddenGradient is null ? 0 : 1, weightGradient is null ? 0 : 1, add ? 1 : 0];
        Record(GgmlOperation.LinearCrossEntropy, numbers, [.. inputs], outputs, g =>
        {
            NodeBuilder nodes = g.Nodes;
            Node table = g.In(1);
            List<Node> lossPieces = [], hiddenPieces = [];
            Node weightSum = add ? g.In(4) : default;
            for (int first = 0; first < rows; first += step)
            {
                int count = Math.Min(step, rows - first);
                Node h = nodes.Rows(g.In(0), first, count);
                Node logits = nodes.MulMat(table, h); // (V, n)
                Node shares = nodes.SoftMax(logits, default, 1);
                Node ofTargets = Piece(nodes, g.In(2), first, count);
                Node shareOfTarget = At(nodes, shares, ofTargets);
                lossPieces.Add(nodes.Reshape(Losses(nodes, logits, shares, ofTargets), count));
                g.Effects.Add(lossPieces[^1]);
                if (hiddenGradient is null && weightGradient is null)
                    continue;

                // dlogits = softmax − 1 at the target.
                Node changed = nodes.SetRows(
                    nodes.Reshape(shares, 1, (long)vocabulary * count), nodes.Reshape(nodes.Scale(shareOfTarget, 1, -1), 1, count), nodes.View(g.In(3), (count, 1, 1, 1), Strides(count), Offset(first)));
                Node dLogits = nodes.Scale(nodes.Reshape(changed, vocabulary, count), gradientScale);
                if (hiddenGradient is not null)
                {
                    Node back = default;
                    foreach ((int token, int tokens) in Slabs(vocabulary, columns))
                    {
                        Node slab = nodes.Transposed(nodes.Cast(nodes.Rows(table, token, tokens), GgmlType.F32)); // (v, C)
                        Node part = tokens == vocabulary ? dLogits : nodes.Contiguous(nodes.View(dLogits, (tokens, count, 1, 1), (dLogits.Nb(1), dLogits.Nb(2), dLogits.Nb(3)), Offset(token)));
                        Node product = nodes.MulMat(slab, part);
                        back = back.IsNone ? product : nodes.Add(back, product);
                        g.Effects.Add(back);
                    }

                    hiddenPieces.Add(back);
                }

                if (weightGradient is not null)
                {
                    Node product = nodes.MulMat(nodes.Transposed(h), nodes.Transposed(dLogits)); // (C, V)
                    weightSum = weightSum.IsNone ? product : nodes.Add(weightSum, product);
                    g.Effects.Add(weightSum);
                }
            }

            g.Out(0, nodes.Join(lossPieces, 0));
            if (hiddenGradient is not null)
                g.Out(1, nodes.Join(hiddenPieces, 1));
            if (weightGradient is not null)
                g.Out(outputs.Length - 1, weightSum);
        }, chunks * (40 + (8 * slabs)));
    }

    /// <summary>−log softmax at the target, without underflow: the largest logit minus the log of its share is the log-sum-exp.</summary>
    private static Node Losses(NodeBuilder nodes, Node logits, Node shares, Node targets)
    {
        Node largest = nodes.Reshape(nodes.ArgMax(shares), 1, shares.Ne(1));
        Node logSumExp = nodes.Sub(At(nodes, logits, largest), nodes.Log(At(nodes, shares, largest)));
        return nodes.Sub(logSumExp, At(nodes, logits, targets));
    }

    /// <summary>One element of each row of (V, n), at indices (1, n).</summary>
    private static Node At(NodeBuilder nodes, Node rows, Node indices) => nodes.GetRows(nodes.Reshape(rows, 1, rows.Ne(0), rows.Ne(1)), indices);

    /// <summary>Some integers, each in a row of its own.</summary>
    private static Node Piece(NodeBuilder nodes, Node integers, int first, int count) =>
        nodes.View(integers, (1, count, 1, 1), (sizeof(int), (nuint)count * sizeof(int), (nuint)count * sizeof(int)), Offset(first));

    private static (nuint, nuint, nuint) Strides(int count) => ((nuint)count * sizeof(int), (nuint)count * sizeof(int), (nuint)count * sizeof(int));

    private static nuint Offset(int elements) => (nuint)elements * sizeof(int);

    /// <summary>The rows of the output layer, as many at a time as their transpose may take room.</summary>
    private IEnumerable<(int First, int Count)> Slabs(int vocabulary, int columns)
    {
        int step = (int)Math.Clamp(options.ScratchBytes / ((long)sizeof(float) * columns), 1, vocabulary);
        for (int first = 0; first < vocabulary; first += step)
            yield return (first, Math.Min(step, vocabulary - first));
    }
}
