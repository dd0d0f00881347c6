using CodeTuner.Assist.Text;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Translation;

/// <summary>Cuts a source into pieces that fit into a prompt, between declarations where that is possible.</summary>
internal static class SourcePieces
{
    private const int LongestToken = 16;

    /// <summary>The pieces in order; together they are the whole source. Blank ones are left out.</summary>
    /// <param name="tokenizer">Counts the tokens.</param>
    /// <param name="language">The source's language.</param>
    /// <param name="text">The source.</param>
    /// <param name="maxTokens">The most tokens of a piece.</param>
    public static IReadOnlyList<string> Of(Tokenizer tokenizer, Language language, string text, int maxTokens)
    {
        SyntacticBounds bounds = SyntacticBounds.Of(language, text, OutlineParser.Parse(language, text));
        List<string> pieces = [];
        for (int start = 0; start < text.Length;)
        {
            int reach = SafeCut.At(text, Math.Min(text.Length, start + (maxTokens * LongestToken)));
            int[] ids = tokenizer.Encode(text[start..reach]);
            int end = reach;
            if (ids.Length > maxTokens)
            {
                // The coarsest bound that wastes no more than half of the room.
                int fits = SafeCut.At(text, Math.Min(reach, start + tokenizer.Decode(ids.AsSpan(0, maxTokens)).Length));
                int bound = bounds.Finish(fits, (fits - start) / 2);
                end = bound > start ? bound : Math.Max(fits, start + 1);
            }

            if (!string.IsNullOrWhiteSpace(text[start..end]))
                pieces.Add(text[start..end]);
            start = end;
        }

        return pieces;
    }
}
