namespace CodeTuner.Tensors.Ggml.Graphs;

/// <summary>Graphs by the signature of what was recorded; the one that was longest not used goes first.</summary>
internal sealed class GraphCache(int capacity) : IDisposable
{
    private readonly Dictionary<int[], LinkedListNode<(int[] Key, GgmlGraph Graph)>> known = new(new SignatureComparer());
    private readonly LinkedList<(int[] Key, GgmlGraph Graph)> byUse = [];

    public long Built { get; private set; }

    public long Reused { get; private set; }

    public GgmlGraph Get(int[] signature, Func<GgmlGraph> build)
    {
        if (known.TryGetValue(signature, out LinkedListNode<(int[] Key, GgmlGraph Graph)>? found))
        {
            Reused++;
            byUse.Remove(found);
            byUse.AddFirst(found);
            return found.Value.Graph;
        }

        GgmlGraph graph = build();
        Built++;
        known[signature] = byUse.AddFirst((signature, graph));
        while (byUse.Count > Math.Max(1, capacity))
        {
            (int[] key, GgmlGraph oldest) = byUse.Last!.Value;
            byUse.RemoveLast();
            known.Remove(key);
            oldest.Dispose();
        }

        return graph;
    }

    public void Dispose()
    {
        foreach ((_, GgmlGraph graph) in byUse)
            graph.Dispose();
        byUse.Clear();
        known.Clear();
    }

    private sealed class SignatureComparer : IEqualityComparer<int[]>
    {
        public bool Equals(int[]? a, int[]? b) => a.AsSpan().SequenceEqual(b);

        public int GetHashCode(int[] signature)
        {
            HashCode hash = default;
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(signature));
            return hash.ToHashCode();
        }
    }
}
