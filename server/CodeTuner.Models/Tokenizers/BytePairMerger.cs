namespace CodeTuner.Models.Tokenizers;

/// <summary>Byte-pair merges (Sennrich et al. 2016, arXiv 1508.07909): the pair of the lowest rank first, the leftmost of equals.</summary>
internal sealed class BytePairMerger(IReadOnlyDictionary<(int Left, int Right), (int Rank, int Merged)> merges)
{
    /// <summary>Merges a word's symbols until no merge applies.</summary>
    public int[] Merge(int[] symbols)
    {
        int count = symbols.Length;
        if (count < 2)
            return symbols;
        int[] symbol = [.. symbols], next = new int[count], previous = new int[count];
        PriorityQueue<(int At, int Left, int Right), (int Rank, int At)> queue = new();
        for (int i = 0; i < count; i++)
            (previous[i], next[i]) = (i - 1, i + 1 < count ? i + 1 : -1);
        for (int i = 0; i + 1 < count; i++)
            Offer(queue, symbol, i, i + 1);
        while (queue.TryDequeue(out (int At, int Left, int Right) pair, out _))
        {
            int at = pair.At, right = symbol[at] < 0 ? -1 : next[at];
            if (right < 0 || symbol[at] != pair.Left || symbol[right] != pair.Right)
                continue; // one side was merged meanwhile
            symbol[at] = merges[(pair.Left, pair.Right)].Merged;
            symbol[right] = -1;
            next[at] = next[right];
            if (next[at] >= 0)
            {
                previous[next[at]] = at;
                Offer(queue, symbol, at, next[at]);
            }

            if (previous[at] >= 0)
                Offer(queue, symbol, previous[at], at);
        }

        return [.. symbol.Where(s => s >= 0)];
    }

    private void Offer(PriorityQueue<(int At, int Left, int Right), (int Rank, int At)> queue, int[] symbol, int left, int right)
    {
        if (merges.TryGetValue((symbol[left], symbol[right]), out (int Rank, int Merged) merge))
            queue.Enqueue((left, symbol[left], symbol[right]), (merge.Rank, left));
    }
}
