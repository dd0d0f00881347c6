namespace CodeTuner.Assist.Statistics;

/// <summary>Tells how much of an inserted text is still in a document that was edited since.</summary>
public static class TextRetention
{
    // Longer ones are compared by their beginning: it is enough to tell.
    private const int LongestText = 1000;
    private const int LongestRegion = 8000;

    /// <summary>The share of the text that is left: 1 − the fewest edits that make it out of any stretch of what stands in its place now / its length.</summary>
    /// <param name="before">The document right after the text was inserted.</param>
    /// <param name="offset">Where the text started.</param>
    /// <param name="length">Its length, at least 1.</param>
    /// <param name="now">The document as it is.</param>
    public static double Share(string before, int offset, int length, string now)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, before.Length);

        // What is the same from the document's start and from its end does not have to be compared.
        int most = Math.Min(before.Length, now.Length);
        int same = before.AsSpan(0, most).CommonPrefixLength(now.AsSpan(0, most));
        if (same >= offset + length)
            return 1;
        int sameAtEnd = 0;
        while (sameAtEnd < most && before[before.Length - 1 - sameAtEnd] == now[now.Length - 1 - sameAtEnd])
            sameAtEnd++;
        if (sameAtEnd >= before.Length - offset)
            return 1;
        int start = Math.Min(same, offset), end = now.Length - Math.Min(sameAtEnd, before.Length - offset - length);
        if (end <= start)
            return 0;
        ReadOnlySpan<char> text = before.AsSpan(offset, Math.Min(length, LongestText));
        return 1 - ((double)Distance(text, now.AsSpan(start, Math.Min(end - start, LongestRegion))) / text.Length);
    }

    // Sellers 1980: Levenshtein's distance to the nearest of all stretches of a text. At most the pattern's length.
    private static int Distance(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int[] column = new int[pattern.Length + 1];
        for (int i = 0; i <= pattern.Length; i++)
            column[i] = i;
        int best = pattern.Length;
        foreach (char c in text)
        {
            int diagonal = 0;
            for (int i = 1; i <= pattern.Length; i++)
            {
                int left = column[i];
                column[i] = pattern[i - 1] == c ? diagonal : Math.Min(diagonal, Math.Min(left, column[i - 1])) + 1;
                diagonal = left;
            }

            best = Math.Min(best, column[^1]);
        }

        return best;
    }
}
