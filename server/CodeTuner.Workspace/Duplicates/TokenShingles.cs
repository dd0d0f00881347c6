using System.Buffers;

namespace CodeTuner.Workspace.Duplicates;

/// <summary>Hashes of every five tokens in a row. A token is a word or one other character; white space does not count.</summary>
internal static class TokenShingles
{
    private const int Tokens = 5;

    private static readonly SearchValues<char> WordCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    /// <summary>The hashes, sorted and distinct; none for a text of fewer tokens than a shingle has.</summary>
    public static uint[] Of(ReadOnlySpan<char> text)
    {
        HashSet<uint> shingles = [];
        Span<ulong> last = stackalloc ulong[Tokens];
        int count = 0;
        while (!(text = text.TrimStart()).IsEmpty)
        {
            int end = text.IndexOfAnyExcept(WordCharacters);
            int length = end < 0 ? text.Length : Math.Max(1, end);
            last[count++ % Tokens] = Hash(text[..length]);
            text = text[length..];
            if (count < Tokens) continue;
            ulong shingle = 0;
            for (int k = 0; k < Tokens; k++) shingle = Mix(shingle ^ last[(count + k) % Tokens]);
            shingles.Add((uint)shingle);
        }

        uint[] sorted = [.. shingles];
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>|a ∩ b| / |a ∪ b| of two sorted sets; 0 where both are empty.</summary>
    public static double Jaccard(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
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

    /// <summary>The finaliser of SplitMix64: every bit of the result depends on every bit of <paramref name="z"/>.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    // FNV-1a. The hash of string objects differs from process to process and would make results differ too.
    private static ulong Hash(ReadOnlySpan<char> token)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char c in token) hash = (hash ^ c) * 0x100000001B3;
        return hash;
    }
}
