using CodeTuner.Tensors.Ggml.Native;

namespace CodeTuner.Tensors.Ggml.Graphs;

/// <summary>A node of a ggml graph. Sizes are in ggml's order: the row's length first, so a (R, C) matrix is C × R here.</summary>
internal readonly unsafe struct Node(nint handle)
{
    public nint Handle { get; } = handle;

    public GgmlTensorStruct* Struct => (GgmlTensorStruct*)Handle;

    public long Ne(int dimension) => Struct->Ne[dimension];

    public nuint Nb(int dimension) => (nuint)Struct->Nb[dimension];

    public GgmlType Type => Struct->Type;

    public long Count => Ne(0) * Ne(1) * Ne(2) * Ne(3);

    public bool IsNone => Handle == 0;
}

/// <summary>Makes the nodes of one graph; nothing is computed here.</summary>
internal sealed unsafe class NodeBuilder : IDisposable
{
    private nint context;

    /// <summary>Room for so many nodes. Untouched room costs no memory.</summary>
    public NodeBuilder(long nodes)
    {
        context = Native.Ggml.Init(new GgmlInitParams { MemorySize = (nuint)nodes * Native.Ggml.TensorOverhead(), NoAlloc = 1 });
        if (context == 0)
            throw new DeviceMemoryException($"There is no room for a graph of {nodes} nodes.");
    }

    /// <summary>Nodes made so far.</summary>
    public int Count { get; private set; }

    public void Dispose()
    {
        if (context != 0)
            Native.Ggml.Free(context);
        context = 0;
    }

    // Every node counts: the graph is made as large as there are nodes.
    private Node Made(nint node)
    {
        Count++;
        return new Node(node);
    }

    public Node New(GgmlType type, long ne0, long ne1 = 1, long ne2 = 1, long ne3 = 1) => Made(Native.Ggml.NewTensor4D(context, type, ne0, ne1, ne2, ne3));

    // Element by element. The second operand may be smaller, and is then repeated.

    public Node Add(Node a, Node b) => Made(Native.Ggml.Add(context, a.Handle, b.Handle));

    public Node Sub(Node a, Node b) => Made(Native.Ggml.Sub(context, a.Handle, b.Handle));

    public Node Mul(Node a, Node b) => Made(Native.Ggml.Mul(context, a.Handle, b.Handle));

    public Node Div(Node a, Node b) => Made(Native.Ggml.Div(context, a.Handle, b.Handle));

    public Node Square(Node a) => Made(Native.Ggml.Sqr(context, a.Handle));

    public Node Sqrt(Node a) => Made(Native.Ggml.Sqrt(context, a.Handle));

    public Node Log(Node a) => Made(Native.Ggml.Log(context, a.Handle));

    public Node Sigmoid(Node a) => Made(Native.Ggml.Unary(context, a.Handle, GgmlUnaryOp.Sigmoid));

    public Node Silu(Node a) => Made(Native.Ggml.Unary(context, a.Handle, GgmlUnaryOp.Silu));

    public Node SiluBack(Node gradient, Node x) => Made(Native.Ggml.SiluBack(context, gradient.Handle, x.Handle));

    /// <summary>scale · a + bias.</summary>
    public Node Scale(Node a, float scale, float bias = 0) =>
        scale == 1 && bias == 0 ? a : Made(Native.Ggml.ScaleBias(context, a.Handle, scale, bias));

    // Sums and rows

    /// <summary>(C, R) → (1, R).</summary>
    public Node SumRows(Node a) => Made(Native.Ggml.SumRows(context, a.Handle));

    /// <summary>(C, R) → (C, 1).</summary>
    public Node SumColumns(Node a) => a.Ne(1) == 1 ? a : Made(Native.Ggml.RepeatBack(context, a.Handle, New(a.Type, a.Ne(0)).Handle));

    /// <summary>The place of the largest element of each row.</summary>
    public Node ArgMax(Node a) => Made(Native.Ggml.ArgMax(context, a.Handle));

    public Node RmsNorm(Node a, float epsilon) => Made(Native.Ggml.RmsNorm(context, a.Handle, epsilon));

    public Node SoftMax(Node a, Node mask, float scale) => Made(Native.Ggml.SoftMax(context, a.Handle, mask.Handle, scale, 0));

    public Node SoftMaxBack(Node gradient, Node y, float scale) => Made(Native.Ggml.SoftMaxBack(context, gradient.Handle, y.Handle, scale, 0));

    public Node GetRows(Node table, Node indices) => Made(Native.Ggml.GetRows(context, table.Handle, indices.Handle));

    public Node GetRowsBack(Node rows, Node indices, Node shape) => Made(Native.Ggml.GetRowsBack(context, rows.Handle, indices.Handle, shape.Handle));

    /// <summary>Changes rows of <paramref name="into"/> in place.</summary>
    public Node SetRows(Node into, Node rows, Node indices) => Made(Native.Ggml.SetRows(context, into.Handle, rows.Handle, indices.Handle));

    // Products

    /// <summary>(K, N) and (K, M) → (N, M): each row of b with each of a.</summary>
    public Node MulMat(Node a, Node b)
    {
        Node product = Made(Native.Ggml.MulMat(context, a.Handle, b.Handle));
        Native.Ggml.MulMatSetPrecision(product.Handle, Native.Ggml.PrecisionF32);
        return product;
    }

    /// <summary>(N, K) and (M, K) → (N, M): Σ over k of row k of a with row k of b.</summary>
    public Node OutProd(Node a, Node b) => Made(Native.Ggml.OutProd(context, a.Handle, b.Handle));

    // Layout

    /// <summary>Copies into a tensor that is there, converting.</summary>
    public Node CopyInto(Node from, Node into) => Made(Native.Ggml.Copy(context, from.Handle, into.Handle));

    public Node Cast(Node a, GgmlType type) => a.Type == type ? a : Made(Native.Ggml.Cast(context, a.Handle, type));

    public Node Contiguous(Node a) => Made(Native.Ggml.Cont(context, a.Handle));

    public Node Concat(Node a, Node b, int dimension) => Made(Native.Ggml.Concat(context, a.Handle, b.Handle, dimension));

    public Node Reshape(Node a, long ne0, long ne1 = 1, long ne2 = 1, long ne3 = 1) => Made(Native.Ggml.Reshape4D(context, a.Handle, ne0, ne1, ne2, ne3));

    public Node View(Node a, (long, long, long, long) ne, (nuint, nuint, nuint) nb, nuint offset = 0) =>
        Made(Native.Ggml.View4D(context, a.Handle, ne.Item1, ne.Item2, ne.Item3, ne.Item4, nb.Item1, nb.Item2, nb.Item3, offset));

    /// <summary>Rows from <paramref name="first"/> on.</summary>
    public Node Rows(Node a, long first, long count) => View(a, (a.Ne(0), count, 1, 1), (a.Nb(1), a.Nb(1) * (nuint)count, a.Nb(1) * (nuint)count), a.Nb(1) * (nuint)first);

    /// <summary>Dimension i of a becomes dimension axis i.</summary>
    public Node Permute(Node a, int axis0, int axis1, int axis2, int axis3) => Made(Native.Ggml.Permute(context, a.Handle, axis0, axis1, axis2, axis3));

    /// <summary>Rows become columns, in new memory.</summary>
    public Node Transposed(Node a) => Contiguous(Permute(a, 1, 0, 2, 3));

    public Node AdamW(Node parameter, Node gradient, Node firstMoment, Node secondMoment, Node numbers)
    {
        parameter.Struct->Flags |= GgmlTensorFlags.Param;
        return Made(Native.Ggml.OptStepAdamW(context, parameter.Handle, gradient.Handle, firstMoment.Handle, secondMoment.Handle, numbers.Handle));
    }

    /// <summary>Joins pieces along a dimension, neighbours first, so that each is copied a few times only.</summary>
    public Node Join(IReadOnlyList<Node> pieces, int dimension)
    {
        while (pieces.Count > 1)
            pieces = [.. pieces.Chunk(2).Select(pair => pair.Length == 1 ? pair[0] : Concat(pair[0], pair[1], dimension))];
        return pieces[0];
    }
}
