namespace CodeTuner.Workspace.Duplicates;

/// <summary>
/// Finds texts that share most of their token shingles: MinHash signatures in bands narrow enough not to miss a similarity of .7
/// (locality-sensitive hashing), then the exact Jaccard index of the candidates. Not safe for several writers at a time.
/// </summary>
public sealed class NearDuplicateIndex
{
    private const int RowsPerBand = 4; // a pair of similarity .7 meets in some band with probability 1 − (1 − .7⁴)³² > .9998
    private const int Bands = MinHash.Functions / RowsPerBand;

    // Thousands of files from one template share every band; looking at the newest of them keeps the time linear.
    private const int CandidatesPerBand = 512;

    // Five standard errors of the estimate: what lies below is not worth the exact comparison.
    private const double EstimateMargin = 0.2;

    private readonly double threshold;
    private readonly List<(string Key, TextFingerprint Fingerprint)> texts = [];

    // For each band's hash the newest text that has it, and for each text and band the one before it, or -1.
    private readonly Dictionary<ulong, int> newest = [];
    private readonly List<int> previous = [];

    /// <summary>An empty index.</summary>
    /// <param name="threshold">The Jaccard index, above 0 and up to 1, from which on texts count as duplicates.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not in that range.</exception>
    public NearDuplicateIndex(double threshold = 0.7)
    {
        if (!(threshold > 0 && threshold <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold is a Jaccard index above 0 and up to 1.");
        this.threshold = threshold;
    }

    /// <summary>The number of texts added.</summary>
    public int Count => texts.Count;

    /// <summary>Adds a text under a key.</summary>
    public void Add(string key, string text) => Add(key, Fingerprint(text));

    /// <summary>Adds a text whose fingerprint was taken before. One without shingles is never found.</summary>
    public void Add(string key, TextFingerprint fingerprint)
    {
        if (fingerprint.Signature.Length == 0) return;
        int index = texts.Count;
        texts.Add((key, fingerprint));
        for (int band = 0; band < Bands; band++)
        {
            ulong hash = BandHash(fingerprint.Signature, band);
            previous.Add(newest.TryGetValue(hash, out int before) ? before : -1);
            newest[hash] = index;
        }
    }

    /// <summary>The most similar text at or above the threshold, the earliest of equals; null where there is none.</summary>
    public (string Key, double Similarity)? FindNear(string text) => FindNear(Fingerprint(text));

    /// <summary>As <see cref="FindNear(string)"/>, of a fingerprint taken before.</summary>
    public (string Key, double Similarity)? FindNear(TextFingerprint fingerprint)
    {
        if (fingerprint.Signature.Length == 0) return null;
        int best = -1;
        double bestSimilarity = 0;
        HashSet<int> seen = [];
        for (int band = 0; band < Bands; band++)
        {
            if (!newest.TryGetValue(BandHash(fingerprint.Signature, band), out int index)) continue;
            for (int left = CandidatesPerBand; index >= 0 && left > 0; left--, index = previous[(index * Bands) + band])
            {
                if (!seen.Add(index)) continue;
                TextFingerprint other = texts[index].Fingerprint;
                if (MinHash.Estimate(fingerprint.Signature, other.Signature) < threshold - EstimateMargin) continue;
                double similarity = TokenShingles.Jaccard(fingerprint.Shingles, other.Shingles);
                if (similarity < threshold || similarity < bestSimilarity || (similarity == bestSimilarity && index > best)) continue;
                (best, bestSimilarity) = (index, similarity);
            }
        }

        return best < 0 ? null : (texts[best].Key, bestSimilarity);
    }

    /// <summary>The shingles and the MinHash signature of a text; empty for one of fewer tokens than a shingle.</summary>
    public static TextFingerprint Fingerprint(ReadOnlySpan<char> text)
    {
        uint[] shingles = TokenShingles.Of(text);
        return new TextFingerprint(shingles, MinHash.Signature(shingles));
    }

    private static ulong BandHash(ReadOnlySpan<uint> signature, int band)
    {
        ulong hash = (ulong)band + 1;
        foreach (uint minimum in signature.Slice(band * RowsPerBand, RowsPerBand)) hash = TokenShingles.Mix(hash ^ minimum);
        return hash;
    }
}
