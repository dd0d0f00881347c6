namespace CodeTuner.Tensors.Ggml.Graphs;

/// <summary>
/// Some sequences and key heads of an attention, in nodes. ggml's fused attention has no backward, so it is made of
/// products and a softmax. The query heads of one key head are taken as more queries of it: no head is repeated.
/// </summary>
/// <param name="g">The operation.</param>
/// <param name="shape">The sizes of the whole.</param>
/// <param name="firstBatch">The first sequence.</param>
/// <param name="batch">How many sequences, b.</param>
/// <param name="firstHead">The first key head.</param>
/// <param name="heads">How many key heads, h.</param>
internal sealed class AttentionPiece(OperationNodes g, AttentionShape shape, int firstBatch, int batch, int firstHead, int heads)
{
    private NodeBuilder Nodes => g.Nodes;

    private int QueryHeads => heads * shape.Group;

    /// <summary>The scores before scaling and masking, and their softmax; both (S, T·g, h, b) for g query heads a key head.</summary>
    public (Node Scores, Node Weights) Weights(Node query, Node key, int maskInput)
    {
        Node scores = Nodes.MulMat(Keys(key), Queries(query));
        Node split = Nodes.Reshape(scores, shape.Keys, shape.Queries, QueryHeads, batch);
        Node weights = Nodes.SoftMax(split, maskInput < 0 ? default : Mask(g.In(maskInput)), shape.Scale);
        return (scores, Nodes.Reshape(weights, shape.Keys, shape.Queries * shape.Group, heads, batch));
    }

    /// <summary>Σ weight · value: (D, T·g, h, b).</summary>
    public Node Attend(Node weights, Node value) => Nodes.MulMat(Nodes.Transposed(Keys(value)), weights);

    /// <summary>
    /// log Σ exp of the scaled scores, (Hq, T, b): scale · score − log weight is the same for every key,
    /// and the key of the largest weight gives it without underflow.
    /// </summary>
    public Node LogSumExp(Node scores, Node weights)
    {
        long rows = (long)shape.Queries * QueryHeads * batch;
        Node largest = Nodes.Reshape(Nodes.ArgMax(Nodes.Reshape(weights, shape.Keys, rows)), 1, rows);
        Node At(Node of) => Nodes.GetRows(Nodes.Reshape(of, 1, shape.Keys, rows), largest); // (1, 1, rows)
        Node sums = Nodes.Sub(Nodes.Scale(At(scores), shape.Scale), Nodes.Log(At(weights)));
        return Nodes.Contiguous(Nodes.Permute(Nodes.Reshape(sums, shape.Queries, QueryHeads, batch), 1, 0, 2, 3));
    }

    /// <summary>The gradients of queries (D, T·g, h, b), keys and values (D, S, h, b).</summary>
    public (Node Query, Node Key, Node Value) Back(Node weights, Node query, Node key, Node value, Node outputGradient)
    {
        Node dy = Queries(outputGradient);
        Node towards = Nodes.MulMat(Keys(value), dy); // (S, T·g, h, b)
        Node dScores = Nodes.SoftMaxBack(towards, weights, shape.Scale);
        return (
            Nodes.MulMat(Nodes.Transposed(Keys(key)), dScores),
            Nodes.MulMat(Nodes.Transposed(Queries(query)), Nodes.Transposed(dScores)),
            Nodes.MulMat(Nodes.Transposed(dy), Nodes.Transposed(weights)));
    }

    /// <summary>(D, n·g, h, b) as computed → (D, h·g, n, b) as rows have it, for n queries of g heads or n keys of one.</summary>
    public Node ToRows(Node x, bool isQuery)
    {
        Node split = isQuery ? Nodes.Reshape(x, shape.HeadSize, shape.Queries, QueryHeads, batch) : x;
        return Nodes.Contiguous(Nodes.Permute(split, 0, 2, 1, 3));
    }

    /// <summary>The queries, or what has their shape: (D, T·g, h, b).</summary>
    private Node Queries(Node x)
    {
        nuint head = (nuint)(shape.HeadSize * sizeof(float)), row = x.Nb(1), sequence = row * (nuint)shape.Queries;
        Node view = Nodes.View(
            x, (shape.HeadSize, shape.Queries, QueryHeads, batch), (row, head, sequence),
            (sequence * (nuint)firstBatch) + (head * (nuint)(firstHead * shape.Group)));
        return Nodes.Reshape(Nodes.Contiguous(view), shape.HeadSize, shape.Queries * shape.Group, heads, batch);
    }

    /// <summary>The keys or values: (D, S, h, b).</summary>
    private Node Keys(Node x)
    {
        nuint head = (nuint)(shape.HeadSize * sizeof(float)), row = x.Nb(1), sequence = row * (nuint)shape.Keys;
        return Nodes.Contiguous(Nodes.View(
            x, (shape.HeadSize, shape.Keys, heads, batch), (row, head, sequence), (sequence * (nuint)firstBatch) + (head * (nuint)firstHead)));
    }

    private Node Mask(Node mask)
    {
        if (mask.Ne(1) == shape.Queries)
            return mask;
        nuint plane = mask.Nb(1) * (nuint)shape.Queries;
        return Nodes.View(mask, (shape.Keys, shape.Queries, 1, batch), (mask.Nb(1), plane, plane), plane * (nuint)firstBatch);
    }
}
