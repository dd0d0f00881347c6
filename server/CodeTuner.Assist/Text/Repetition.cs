namespace CodeTuner.Assist.Text;

/// <summary>Finds text that runs in circles: what a small model falls into.</summary>
internal static class Repetition
{
    private const int LongestPeriod = 400;
    private const int Rounds = 3;

    // "000" and "a, a, a" are common in good code; a dozen characters of it are not.
    private const int LeastLength = 12;

    /// <summary>Whether the text ends with the same characters three times in a row. White space and punctuation alone do not count.</summary>
    public static bool IsLooping(string text) => Period(text) > 0;

    /// <summary>The text with a loop at its end run only once.</summary>
    public static string Unrolled(string text)
    {
        int period = Period(text);
        if (period == 0)
            return text;
        int end = text.Length;
        while (end - (2 * period) >= 0 && text.AsSpan(end - (2 * period), period).SequenceEqual(text.AsSpan(end - period, period)))
            end -= period;
        return text[..end];
    }

    private static int Period(string text)
    {
        for (int period = 1; period <= Math.Min(LongestPeriod, text.Length / Rounds); period++)
        {
            // A text of some period equals itself moved by as much.
            int length = Math.Max(Rounds, (LeastLength + period - 1) / period) * period;
            if (length > text.Length)
                continue;
            ReadOnlySpan<char> tail = text.AsSpan(text.Length - length);
            if (tail[period..].SequenceEqual(tail[..^period]) && HasWord(tail[..period]))
                return period;
        }

        return 0;
    }

    private static bool HasWord(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (char.IsLetterOrDigit(c))
                return true;
        }

        return false;
    }
}
