namespace CodeTuner.Models.Tokenizers;

/// <summary>Cuts at the matches of a pattern.</summary>
/// <param name="pattern">What to match.</param>
/// <param name="keepMatches">Whether matches become words.</param>
/// <param name="keepGaps">Whether what lies between them becomes words.</param>
internal sealed class SplitPreTokenizer(ScalarPattern pattern, bool keepMatches, bool keepGaps) : PreTokenizer
{
    /// <inheritdoc/>
    public override void Cut(string text, TextSpan part, List<TextSpan> words)
    {
        ReadOnlySpan<char> span = text.AsSpan(part.Start, part.Length);
        int gap = 0, at = 0;
        while (at < span.Length)
        {
            int length = pattern.MatchLength(span[at..]);
            if (length == 0)
            {
                at += ScalarPattern.UnitsAt(span, at);
                continue;
            }

            if (keepGaps && at > gap)
                words.Add(new TextSpan(part.Start + gap, at - gap));
            if (keepMatches)
                words.Add(new TextSpan(part.Start + at, length));
            at += length;
            gap = at;
        }

        if (keepGaps && gap < span.Length)
            words.Add(new TextSpan(part.Start + gap, span.Length - gap));
    }
}
