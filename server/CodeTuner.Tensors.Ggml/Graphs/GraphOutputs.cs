using CodeTuner.Tensors.Ggml.Native;

namespace CodeTuner.Tensors.Ggml.Graphs;

/// <summary>
/// Decides how the results that outlive a graph get to their places: computed right there, where that destroys nothing
/// that a later node still reads, and otherwise copied there at the end.
/// </summary>
internal sealed unsafe class GraphOutputs
{
    private readonly Dictionary<nint, int> firstNode = [];
    private readonly Dictionary<nint, int> lastReader = [];
    private readonly Dictionary<nint, bool> lastReaderIsElementwise = [];
    private readonly HashSet<nint> taken = [];

    public GraphOutputs(nint graph)
    {
        int count = Native.Ggml.GraphNodeCount(graph);
        for (int i = 0; i < count; i++)
        {
            nint node = Native.Ggml.GraphNode(graph, i);
            GgmlTensorStruct* tensor = (GgmlTensorStruct*)node;
            firstNode[node] = i;
            for (int s = 0; s < 10 && tensor->Src[s] != 0; s++)
            {
                nint root = Root(tensor->Src[s]);
                lastReader[root] = i;
                lastReaderIsElementwise[root] = tensor->Src[s] == root && IsElementwise(tensor, (GgmlTensorStruct*)root);
            }
        }
    }

    /// <summary>Copies that run after everything else.</summary>
    public List<Node> Copies { get; } = [];

    /// <summary>Places the result of a slot.</summary>
    /// <param name="builder">Makes what is needed for a copy.</param>
    /// <param name="value">The result.</param>
    /// <param name="slot">Its slot.</param>
    /// <param name="replaced">The operand that lies where the result goes; none if nothing does.</param>
    /// <param name="bound">Gets the tensor that lies on the slot's memory.</param>
    public void Keep(NodeBuilder builder, Node value, int slot, Node replaced, List<(int, nint)> bound)
    {
        nint root = Root(value.Handle);
        if (!replaced.IsNone && root == replaced.Handle && Covers(value, root))
            return; // changed in place
        if (Covers(value, root) && firstNode.ContainsKey(root) && !taken.Contains(root) && DestroysNothing(root, replaced))
        {
            taken.Add(root);
            Native.Ggml.SetOutput(root);
            bound.Add((slot, root));
            return;
        }

        Node target = builder.New(value.Type, value.Ne(0), value.Ne(1), value.Ne(2), value.Ne(3));
        bound.Add((slot, target.Handle));
        Copies.Add(builder.CopyInto(value, target));
        if (root != value.Handle || firstNode.ContainsKey(root))
            Native.Ggml.SetOutput(root);
    }

    private static nint Root(nint tensor)
    {
        nint source = (nint)((GgmlTensorStruct*)tensor)->ViewSrc;
        return source == 0 ? tensor : source;
    }

    private static bool Covers(Node value, nint root)
    {
        GgmlTensorStruct* whole = (GgmlTensorStruct*)root;
        return value.Handle == root || (value.Struct->ViewOffset == 0 && value.Type == whole->Type && value.Count == new Node(root).Count && IsContiguous(value));
    }

    private static bool IsContiguous(Node node)
    {
        for (int i = 1; i < 3; i++)
        {
            if (node.Nb(i + 1) != node.Nb(i) * (nuint)node.Ne(i))
                return false;
        }

        return node.Type is GgmlType.Q8_0 or GgmlType.Q4_0 || node.Nb(1) == node.Nb(0) * (nuint)node.Ne(0);
    }

    private bool DestroysNothing(nint root, Node replaced)
    {
        if (replaced.IsNone || !lastReader.TryGetValue(replaced.Handle, out int last))
            return true;
        int made = firstNode[root];
        return last < made || (last == made && lastReaderIsElementwise[replaced.Handle]);
    }

    /// <summary>Whether each element of a node depends on the same element of its operand alone.</summary>
    private static bool IsElementwise(GgmlTensorStruct* node, GgmlTensorStruct* operand)
    {
        for (int i = 0; i < 4; i++)
        {
            if (node->Ne[i] != operand->Ne[i])
                return false;
        }

        return node->Op is GgmlOp.Add or GgmlOp.Sub or GgmlOp.Mul or GgmlOp.Div or GgmlOp.Scale or GgmlOp.Sqr or GgmlOp.Sqrt or GgmlOp.Unary;
    }
}
