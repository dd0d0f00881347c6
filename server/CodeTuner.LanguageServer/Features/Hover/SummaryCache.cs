namespace CodeTuner.LanguageServer.Features.Hover;

/// <summary>Summaries that were made, by declaration and model; the least recently used go first. A null says that none came.</summary>
internal sealed class SummaryCache
{
    private const int Most = 500;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Key, string Model), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _order = new();

    /// <summary>Whether it was made, and what came.</summary>
    public bool TryGet(string key, string model, out string? summary)
    {
        lock (_gate)
        {
            summary = null;
            if (!_entries.TryGetValue((key, model), out LinkedListNode<Entry>? node))
                return false;
            _order.Remove(node);
            _order.AddFirst(node);
            summary = node.Value.Summary;
            return true;
        }
    }

    /// <summary>Keeps one.</summary>
    public void Add(string key, string model, string? summary)
    {
        lock (_gate)
        {
            if (_entries.Remove((key, model), out LinkedListNode<Entry>? old))
                _order.Remove(old);
            _entries[(key, model)] = _order.AddFirst(new Entry((key, model), summary));
            if (_entries.Count <= Most)
                return;
            _entries.Remove(_order.Last!.Value.Key);
            _order.RemoveLast();
        }
    }

    private sealed record Entry((string Key, string Model) Key, string? Summary);
}
