namespace CodeTuner.Tensors.Ggml.Graphs;

/// <summary>The memory for values that live inside a graph only, shared by all graphs, as one runs at a time.</summary>
internal sealed class GraphMemory(GgmlStream stream) : IDisposable
{
    private readonly List<nint> outgrown = [];
    private nint allocator = stream.NewAllocator();
    private nuint size;
    private nuint needed;

    /// <summary>Grows whenever the memory moved, so that every graph has to be planned again; never 0.</summary>
    public long Generation { get; private set; } = 1;

    /// <summary>Bytes that the largest graph needed. A planner that was kept from another backend may hold more.</summary>
    public long Bytes => (long)needed;

    /// <summary>Plans a graph; false where the device has not enough memory.</summary>
    public bool Plan(nint graph)
    {
        nuint wanted;
        while (stream.MustNotGrow(allocator, graph, out wanted))
        {
            outgrown.Add(allocator);
            allocator = stream.NewAllocator();
            size = nuint.MaxValue;
        }

        // Reserving first makes the allocator plan this graph anew: by itself it trusts a plan of another graph that has as many nodes.
        bool done = stream.Plan(allocator, graph);
        nuint now = Native.Ggml.AllocatorGetBufferSize(allocator, 0);
        if (now != size || !done)
            Generation++;
        size = now;
        needed = nuint.Max(needed, wanted == 0 ? now : wanted);
        return done;
    }

    /// <summary>Gives the memory back; every graph has to be planned again.</summary>
    public void Release()
    {
        stream.FreeAllocator(allocator);
        allocator = stream.NewAllocator();
        size = needed = 0;
        Generation++;
    }

    public void Dispose()
    {
        foreach (nint old in outgrown)
            stream.FreeAllocator(old);
        outgrown.Clear();
        if (allocator != 0)
            stream.FreeAllocator(allocator);
        allocator = 0;
    }
}
