using CodeTuner.Models.Architectures;
using CodeTuner.Tensors;

namespace CodeTuner.Models.Generation;

/// <summary>
/// The keys and values of the last prompts, each found again by the tokens that it begins with. So who goes to and fro between two
/// files has both at hand. The one that was not used for longest goes where they take too much memory together.
/// </summary>
/// <param name="backend">Where they live.</param>
/// <param name="config">The model's sizes.</param>
/// <param name="mostBytes">The most bytes of all together; the one in use stays even where it takes more alone.</param>
public sealed class PrefixCache(Backend backend, ModelConfig config, long mostBytes = PrefixCache.DefaultBytes) : IDisposable
{
    /// <summary>Four prompts of 1,000 tokens of the embedded model.</summary>
    public const long DefaultBytes = 32L << 20;

    // What a prompt begins with is shared by all of a repository; a cache is taken over only where most of the prompt is in it.
    private const double LeastShare = 0.5;

    // The last used first.
    private readonly LinkedList<CachedPrefix> prefixes = new();

    /// <summary>The bytes that all take.</summary>
    public long Bytes => prefixes.Sum(p => p.Cache.Bytes);

    /// <summary>The most bytes that they may take.</summary>
    public long MostBytes => mostBytes;

    /// <summary>How many prompts there are.</summary>
    public int Count => prefixes.Count;

    /// <summary>
    /// The prompt that shares the longest beginning with <paramref name="tokens"/>, with what lies behind that forgotten; an empty one
    /// where too little is shared. The last token is never in it: its logits are wanted.
    /// </summary>
    /// <param name="tokens">The prompt, at least one token.</param>
    /// <param name="more">Tokens that will follow it, to be made room for.</param>
    public CachedPrefix Take(ReadOnlySpan<int> tokens, int more = 0)
    {
        CachedPrefix? best = null;
        int longest = 0;
        foreach (CachedPrefix prefix in prefixes)
        {
            int common = Math.Min(prefix.CommonLength(tokens), tokens.Length - 1);
            if (common > longest || (best is null && prefix.Tokens.Count == 0))
                (best, longest) = (prefix, common);
        }

        if (best is null || (longest < best.Tokens.Count && longest < LeastShare * tokens.Length))
            best = Add(longest, best, tokens);
        prefixes.Remove(best);
        prefixes.AddFirst(best);
        best.Truncate(Math.Min(longest, best.Tokens.Count));
        best.Cache.Reserve(tokens.Length + more - best.Tokens.Count);
        Shrink();
        return best;
    }

    /// <summary>Forgets everything: needed after the weights have changed.</summary>
    public void Clear()
    {
        foreach (CachedPrefix prefix in prefixes)
            prefix.Cache.Dispose();
        prefixes.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    // What is shared with another is copied: that is far less work than computing it again.
    private CachedPrefix Add(int shared, CachedPrefix? from, ReadOnlySpan<int> tokens)
    {
        CachedPrefix added = new(new KeyValueCache(backend, config));
        if (from is not null && shared > 0)
        {
            added.Cache.CopyFrom(from.Cache, shared);
            added.Append(tokens[..shared]);
        }

        return added;
    }

    private void Shrink()
    {
        while (prefixes.Count > 1 && Bytes > mostBytes)
        {
            prefixes.Last!.Value.Cache.Dispose();
            prefixes.RemoveLast();
        }
    }
}

/// <summary>The tokens whose keys and values a cache holds.</summary>
/// <param name="cache">The keys and values.</param>
public sealed class CachedPrefix(KeyValueCache cache)
{
    private readonly List<int> tokens = [];

    /// <summary>The keys and values.</summary>
    public KeyValueCache Cache => cache;

    /// <summary>The tokens.</summary>
    public IReadOnlyList<int> Tokens => tokens;

    /// <summary>How many tokens both begin with.</summary>
    public int CommonLength(ReadOnlySpan<int> other) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(tokens).CommonPrefixLength(other);

    /// <summary>Notes tokens whose keys and values were added.</summary>
    public void Append(ReadOnlySpan<int> more) => tokens.AddRange(more);

    /// <summary>Forgets all behind the first <paramref name="count"/>.</summary>
    public void Truncate(int count)
    {
        cache.Truncate(count);
        tokens.RemoveRange(count, tokens.Count - count);
    }
}
