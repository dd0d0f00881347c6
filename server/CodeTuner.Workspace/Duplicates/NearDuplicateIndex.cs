using System.Buffers;

namespace CodeTuner.Workspace.Duplicates;

/// <summary>
/// Finds texts that share most of their token shingles: MinHash signatures (Broder 1997) in bands narrow enough not to miss
/// a similarity of .7, then the exact Jaccard index of the candidates.
/// </summary>
public sealed class NearDuplicateIndex
{
    private const int Bands = 32;
    private const int RowsPerBand = 4; // a pair of similarity .7 meets in some band with probability 1 − (1 − .7⁴)³² > .9998
    private const int ShingleTokens = 5;

    private static readonly SearchValues<char> WordCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private static readonly ulong[] Seeds = [.. Enumerable.Range(1, Bands * RowsPerBand).Select(i => Mix((ulong)i))];

    private readonly double threshold;
    private readonly List<(string Key, ulong[] Shingles)> texts = [];
    private readonly Dictionary<(int Band, ulong Hash), List<int>> buckets = [];

    /// <summary>An empty index.</summary>
    /// <param name="threshold">The Jaccard index from which on texts count as duplicates.</param>
    public NearDuplicateIndex(double threshold = 0.7) => this.threshold = threshold;

    /// <summary>Adds a text under a key.</summary>
    public void Add(string key, string text) => Add(key, Fingerprint(text));

    /// <summary>Adds a text whose fingerprint was taken before.</summary>
    public void Add(string key, TextFingerprint fingerprint)
    {
        int index = texts.Count;
        texts.Add((key, fingerprint.Shingles));
        foreach ((int, ulong) bucket in fingerprint.Bands)
        {
            if (!buckets.TryGetValue(bucket, out List<int>? members))
                buckets[bucket] = members = [];
            members.Add(index);
        }
    }

    /// <summary>The most similar text at or above the threshold, the earliest of equals; null where there is none.</summary>
    public (string Key, double Similarity)? FindNear(string text) => FindNear(Fingerprint(text));

    /// <summary>As <see cref="FindNear(string)"/>, of a fingerprint taken before.</summary>
    public (string Key, double Similarity)? FindNear(TextFingerprint fingerprint)
    {
        (string Key, double Similarity)? best = null;
        HashSet<int> seen = [];
        foreach ((int, ulong) bucket in fingerprint.Bands)
        {
            if (!buckets.TryGetValue(bucket, out List<int>? members))
                continue;
            foreach (int index in members)
            {
                if (!seen.Add(index))
                    continue;
                double similarity = Jaccard(fingerprint.Shingles, texts[index].Shingles);
                if (similarity >= threshold && similarity > (best?.Similarity ?? 0))
                    best = (texts[index].Key, similarity);
            }
        }

        return best;
    }

    /// <summary>The shingles and signature bands of a text; empty for one of fewer tokens than a shingle.</summary>
    public static TextFingerprint Fingerprint(string text)
    {
        ulong[] shingles = Shingles(text);
        if (shingles.Length == 0)
            return new TextFingerprint([], []);
        Span<ulong> minima = stackalloc ulong[Bands * RowsPerBand];
        minima.Fill(ulong.MaxValue);
        foreach (ulong shingle in shingles)
        {
            for (int i = 0; i < minima.Length; i++)
                minima[i] = Math.Min(minima[i], Mix(shingle ^ Seeds[i]));
        }

        (int, ulong)[] bands = new (int, ulong)[Bands];
        for (int band = 0; band < Bands; band++)
        {
            ulong hash = 0;
            foreach (ulong minimum in minima.Slice(band * RowsPerBand, RowsPerBand))
                hash = Mix(hash ^ minimum);
            bands[band] = (band, hash);
        }

        return new TextFingerprint(shingles, bands);
    }

    /// <summary>|a ∩ b| / |a ∪ b| of sorted sets.</summary>
    internal static double Jaccard(ulong[] a, ulong[] b)
    {
        int i = 0, j = 0, both = 0;
        while (i < a.Length && j < b.Length)
        {
            if (a[i] == b[j])
                (both, i, j) = (both + 1, i + 1, j + 1);
            else if (a[i] < b[j])
                i++;
            else
                j++;
        }

        int either = a.Length + b.Length - both;
        return either == 0 ? 0 : (double)both / either;
    }

    // Hashes of five tokens in a row, sorted and distinct. A token is a word or one other character; white space does not count.
    private static ulong[] Shingles(string text)
    {
        List<ulong> tokens = new(text.Length / 4);
        for (int i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            int length = Math.Max(1, WordLength(text.AsSpan(i)));
            ulong hash = 0xCBF29CE484222325;
            for (int k = 0; k < length; k++)
                hash = (hash ^ text[i + k]) * 0x100000001B3;
            tokens.Add(hash);
            i += length;
        }

        HashSet<ulong> shingles = [];
        for (int i = 0; i + ShingleTokens <= tokens.Count; i++)
        {
            ulong hash = 0;
            for (int k = 0; k < ShingleTokens; k++)
                hash = Mix(hash ^ tokens[i + k]);
            shingles.Add(hash);
        }

        ulong[] sorted = [.. shingles];
        Array.Sort(sorted);
        return sorted;
    }

    private static int WordLength(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExcept(WordCharacters);
        return end < 0 ? text.Length : end;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
