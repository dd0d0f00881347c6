namespace CodeTuner.Tensors.Ggml.Graphs;

/// <summary>One operation while it is turned into nodes.</summary>
internal sealed class OperationNodes(NodeBuilder builder, RecordedOperation operation, Node[] values, Func<GgmlValue, Node> leaf, Dictionary<(int, int, int), Node> shared, HashSet<int> needed,
    List<(Node Node, string Instead)>? detours = null)
{
    /// <summary>Makes nodes.</summary>
    public NodeBuilder Nodes => builder;

    /// <summary>
    /// Nodes that run before the results, in this order: those that change memory in place, and those of a piece, so that
    /// it is done with before the next begins and its inner values' memory serves again.
    /// </summary>
    public List<Node> Effects { get; } = [];

    /// <summary>Puts a node into <see cref="Effects"/>.</summary>
    public Node Now(Node node)
    {
        Effects.Add(node);
        return node;
    }

    /// <summary>Says that something is done in another way than by ggml's own operation for it; a survey asks whether the device has that.</summary>
    /// <param name="direct">Makes the node of ggml's own operation, which does not become part of the graph.</param>
    /// <param name="instead">What is done.</param>
    public void Detour(Func<Node> direct, string instead) => detours?.Add((direct(), instead));

    /// <summary>Whether anybody reads a result.</summary>
    public bool IsNeeded(int output) => needed.Contains(operation.Outputs[output].Slot);

    /// <summary>The node of an operand.</summary>
    public Node In(int index)
    {
        GgmlValue value = operation.Inputs[index];
        return values[value.Slot].IsNone ? values[value.Slot] = leaf(value) : values[value.Slot];
    }

    /// <summary>How many operands there are.</summary>
    public int InputCount => operation.Inputs.Length;

    /// <summary>Says which node is a result. One that is only another look at an operand is copied, as that may change later.</summary>
    public void Out(int index, Node node)
    {
        bool isOperand = operation.Inputs.Any(input => !values[input.Slot].IsNone && Root(values[input.Slot]) == Root(node));
        values[operation.Outputs[index].Slot] = isOperand ? builder.Contiguous(node) : node;
    }

    /// <summary>Says which node is a result that was made by changing an operand's memory.</summary>
    public void OutInPlace(int index, Node node) => values[operation.Outputs[index].Slot] = node;

    /// <summary>One of the numbers that belong to the operation.</summary>
    public int Number(int index) => operation.Numbers[index];

    /// <summary>One of the numbers as the float that it is.</summary>
    public float Single(int index) => BitConverter.Int32BitsToSingle(operation.Numbers[index]);

    /// <summary>A node that several operations need, made by the first that asks.</summary>
    public Node Shared(int kind, int input, int other, Func<Node> make)
    {
        (int, int, int) key = (kind, operation.Inputs[input].Slot, operation.Inputs[other].Slot);
        return shared.TryGetValue(key, out Node known) ? known : shared[key] = make();
    }

    private static unsafe nint Root(Node node) => node.Struct->ViewSrc is null ? node.Handle : (nint)node.Struct->ViewSrc;
}
