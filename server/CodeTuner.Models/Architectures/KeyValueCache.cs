using CodeTuner.Tensors;

namespace CodeTuner.Models.Architectures;

/// <summary>The keys and values of the tokens a decoder has already read, one pair of tensors a layer; grows as needed.</summary>
public sealed class KeyValueCache : IDisposable
{
    private readonly Backend backend;
    private readonly int columns;
    private readonly Tensor?[] keys;
    private readonly Tensor?[] values;

    /// <summary>An empty cache.</summary>
    public KeyValueCache(Backend backend, ModelConfig config)
    {
        this.backend = backend;
        columns = config.KeyValueHeads * config.HeadSize;
        keys = new Tensor[config.LayerCount];
        values = new Tensor[config.LayerCount];
    }

    /// <summary>Tokens held.</summary>
    public int Count { get; private set; }

    /// <summary>Tokens there is room for.</summary>
    public int Capacity { get; private set; }

    /// <summary>Bytes held.</summary>
    public long Bytes => 8L * keys.Length * Capacity * columns;

    /// <summary>Forgets all tokens after the first <paramref name="count"/>.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        Count = count;
    }

    /// <summary>Makes room for <paramref name="more"/> tokens.</summary>
    public void Reserve(int more)
    {
        if (Count + more <= Capacity)
            return;
        int capacity = Math.Max(Count + more, Math.Max(128, Capacity * 3 / 2));
        for (int layer = 0; layer < keys.Length; layer++)
        {
            keys[layer] = Grow(keys[layer], capacity);
            values[layer] = Grow(values[layer], capacity);
        }

        Capacity = capacity;
    }

    /// <summary>Takes over the first <paramref name="count"/> tokens of another cache of the same model; this one must be empty.</summary>
    /// <exception cref="InvalidOperationException">There are tokens already.</exception>
    public void CopyFrom(KeyValueCache other, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, other.Count);
        if (Count > 0)
            throw new InvalidOperationException("Only an empty cache can take over another's tokens.");

        // A backend copies whole tensors; what lies behind the tokens is overwritten later.
        Reserve(other.Capacity);
        for (int layer = 0; layer < keys.Length && count > 0; layer++)
        {
            backend.CopyRows(keys[layer]!, 0, other.keys[layer]!);
            backend.CopyRows(values[layer]!, 0, other.values[layer]!);
        }

        Count = count;
    }

    /// <summary>Adds the keys and values (T, Hkv·D) of new tokens to a layer, and gives all of the layer's, (Capacity, Hkv·D).</summary>
    public (Tensor Keys, Tensor Values) Append(int layer, Tensor key, Tensor value)
    {
        backend.CopyRows(keys[layer]!, Count, key);
        backend.CopyRows(values[layer]!, Count, value);
        return (keys[layer]!, values[layer]!);
    }

    /// <summary>Counts the tokens that every layer has now appended.</summary>
    public void Advance(int tokens) => Count += tokens;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor? tensor in keys.Concat(values))
        {
            if (tensor is not null)
                backend.Release(tensor);
        }

        Array.Clear(keys);
        Array.Clear(values);
        (Count, Capacity) = (0, 0);
    }

    private Tensor Grow(Tensor? old, int capacity)
    {
        Tensor grown = backend.Allocate(new Shape(capacity, columns));
        if (old is not null)
        {
            backend.CopyRows(grown, 0, old);
            backend.Release(old);
        }

        return grown;
    }
}
