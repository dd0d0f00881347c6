namespace CodeTuner.Models.Generation;

/// <summary>
/// Guesses what follows a text: what followed when its last tokens stood there before (prompt lookup decoding; Yang et al. 2023,
/// arXiv 2304.04487). Code says much twice.
/// </summary>
internal static class PromptLookup
{
    /// <summary>The fewest tokens that must be the same.</summary>
    public const int Shortest = 2;

    /// <summary>The most that are compared.</summary>
    public const int Longest = 8;

    /// <summary>Fills in what followed the longest earlier match of the text's end, the last of equally long ones.</summary>
    /// <param name="text">All tokens so far.</param>
    /// <param name="guess">Where the guess goes; where the match is near the end, it repeats.</param>
    /// <returns>How many tokens were the same; 0 without a guess.</returns>
    public static int Find(ReadOnlySpan<int> text, Span<int> guess)
    {
        int longest = Shortest - 1, from = -1;
        for (int at = text.Length - 1; at > 0 && longest < Longest;)
        {
            // A token before that is the same as the last.
            at = text[..at].LastIndexOf(text[^1]);
            int same = at < 0 ? 0 : Same(text, at);
            if (same > longest)
                (longest, from) = (same, at + 1);
        }

        if (from < 0)
            return 0;
        for (int i = 0; i < guess.Length; i++)
            guess[i] = from + i < text.Length ? text[from + i] : guess[from + i - text.Length];
        return longest;
    }

    private static int Same(ReadOnlySpan<int> text, int at)
    {
        int same = 0, end = text.Length - 1;
        while (same < Longest && same <= at && text[at - same] == text[end - same])
            same++;
        return same;
    }
}
