using CodeTuner.Tensors.Ggml.Native;

namespace CodeTuner.Tensors.Ggml.Graphs;

/// <summary>
/// A recording as a graph of ggml. It knows its operands by slot only, so that it runs again for every recording of the
/// same signature, each time on the memory that this one's values lie in.
/// </summary>
internal sealed unsafe class GgmlGraph : IDisposable
{
    private readonly NodeBuilder builder;
    private readonly List<(int Slot, nint Tensor)> bound = [];
    private readonly List<nint> viewsOfBound = [];
    private readonly List<nint> inner = [];
    private nint graphContext;
    private nint graph;

    private GgmlGraph(NodeBuilder builder) => this.builder = builder;

    /// <summary>Which layout of the shared memory for inner values this graph was planned on; 0 before the first.</summary>
    public long Generation { get; private set; }

    /// <summary>The number of nodes.</summary>
    public int NodeCount => Native.Ggml.GraphNodeCount(graph);

    /// <summary>Builds the graph of a recording.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="needed">The slots of values that are read or kept.</param>
    /// <param name="detours">Gets the nodes that would do directly what is done another way.</param>
    public static GgmlGraph Build(Recording recording, HashSet<int> needed, List<(Node Node, string Instead)>? detours = null)
    {
        long limit = recording.Slots.Count + 64 + recording.Operations.Where(o => o.IsNeeded).Sum(o => (long)o.NodeLimit + (3 * o.Outputs.Length));
        GgmlGraph result = new(new NodeBuilder(limit));
        try
        {
            result.BuildNodes(recording, needed, detours);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Whether the device can run every node; the names of those it can not.</summary>
    public IReadOnlyList<string> Unsupported(GgmlStream stream)
    {
        List<string> names = [];
        for (int i = 0; i < NodeCount; i++)
        {
            nint node = Native.Ggml.GraphNode(graph, i);
            if (stream.Supports(node))
                continue;
            names.Add(NameOf(new Node(node)));
        }

        return [.. names.Distinct()];
    }

    /// <summary>The operation of a node, and the type of its first operand.</summary>
    public static string NameOf(Node node)
    {
        nint source = node.Struct->Src[0];
        return $"{Native.Ggml.OpName(node.Struct->Op)} ({(source == 0 ? "" : Native.Ggml.TypeName(((GgmlTensorStruct*)source)->Type))})";
    }

    /// <summary>Lays the graph's operands and kept results onto the memory of this recording's values.</summary>
    public void Bind(Recording recording)
    {
        foreach ((int slot, nint tensor) in bound)
        {
            DeviceBlock block = recording.Slots[slot].Block!;
            GgmlTensorStruct* t = (GgmlTensorStruct*)tensor;
            (t->Buffer, t->Data) = (block.Buffer.Handle, block.Address);
        }

        foreach (nint view in viewsOfBound)
        {
            GgmlTensorStruct* t = (GgmlTensorStruct*)view;
            (t->Buffer, t->Data) = (t->ViewSrc->Buffer, t->ViewSrc->Data + (nint)t->ViewOffset);
        }
    }

    /// <summary>Plans the memory of the inner values, unless that was done on the layout that still stands.</summary>
    public bool Plan(GraphMemory memory)
    {
        if (Generation == memory.Generation && Generation != 0)
            return true;
        foreach (nint tensor in inner)
        {
            GgmlTensorStruct* t = (GgmlTensorStruct*)tensor;
            (t->Buffer, t->Data) = (0, 0);
        }

        bool done = memory.Plan(graph);
        Generation = done ? memory.Generation : 0;
        return done;
    }

    public GgmlStatus Compute(GgmlStream stream) => stream.Compute(graph);

    public void Dispose()
    {
        if (graphContext != 0)
            Native.Ggml.Free(graphContext);
        graphContext = 0;
        builder.Dispose();
    }

    private void BuildNodes(Recording recording, HashSet<int> needed, List<(Node Node, string Instead)>? detours)
    {
        Node[] values = new Node[recording.Slots.Count];
        Dictionary<(int, int, int), Node> shared = [];
        List<Node> order = [];
        foreach (RecordedOperation operation in recording.Operations.Where(o => o.IsNeeded))
        {
            OperationNodes nodes = new(builder, operation, values, Leaf, shared, needed, detours);
            operation.Build(nodes);
            order.AddRange(nodes.Effects);
            order.AddRange(operation.Outputs.Where(o => needed.Contains(o.Slot)).Select(o => values[o.Slot]));
        }

        var kept = (from operation in recording.Operations
                    from pair in operation.Outputs.Zip(operation.Tensors)
                    where Recording.IsKept(pair.First, pair.Second)
                    select (Slot: pair.First.Slot, Stored: recording.StoredIn(pair.First))).ToArray();
        int size = builder.Count + (3 * kept.Length) + 1;
        graphContext = Native.Ggml.Init(new GgmlInitParams { MemorySize = Native.Ggml.GraphOverheadCustom((nuint)size, false) + 1024, NoAlloc = 1 });
        if (graphContext == 0)
            throw new DeviceMemoryException($"There is no room for a graph of {size} nodes.");
        graph = Native.Ggml.NewGraphCustom(graphContext, (nuint)size, false);
        foreach (Node node in order)
            Native.Ggml.BuildForwardExpand(graph, node.Handle);
        GraphOutputs outputs = new(graph);
        foreach ((int slot, int stored) in kept)
            outputs.Keep(builder, values[slot], slot, stored < 0 ? default : values[stored], bound);
        foreach (Node copy in outputs.Copies)
            Native.Ggml.BuildForwardExpand(graph, copy.Handle);
        Sort();
    }

    private Node Leaf(GgmlValue value)
    {
        Node node = builder.New(value.NativeType, value.Columns, value.Rows);
        Native.Ggml.SetInput(node.Handle);
        bound.Add((value.Slot, node.Handle));
        return node;
    }

    /// <summary>Finds which tensors follow a bound one, and which the planner places.</summary>
    private void Sort()
    {
        HashSet<nint> fixedTensors = [.. bound.Select(b => b.Tensor)];
        for (int i = 0; i < NodeCount; i++)
        {
            nint node = Native.Ggml.GraphNode(graph, i);
            if (fixedTensors.Contains(node))
                continue;
            nint root = (nint)((GgmlTensorStruct*)node)->ViewSrc;
            (root != 0 && fixedTensors.Contains(root) ? viewsOfBound : inner).Add(node);
        }
    }
}
