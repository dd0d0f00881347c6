namespace CodeTuner.Assist.Text;

/// <summary>Positions that are safe to cut at.</summary>
internal static class SafeCut
{
    /// <summary>The position, moved into the text and before a pair of surrogates that it would split.</summary>
    public static int At(string text, int position)
    {
        int at = Math.Clamp(position, 0, text.Length);
        return at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) && char.IsHighSurrogate(text[at - 1]) ? at - 1 : at;
    }
}
