using System.Buffers;
using System.Globalization;
using System.Text;

namespace CodeTuner.Models.Tokenizers;

/// <summary>A part of a text.</summary>
/// <param name="Span">Where it is.</param>
/// <param name="Id">The added token that it is, or null for text between them.</param>
internal readonly record struct AddedTokenSegment(TextSpan Span, int? Id);

/// <summary>Finds added tokens in text: leftmost first, and of those that begin together the longest. Safe to share between threads.</summary>
internal sealed class AddedTokenFinder
{
    private readonly Dictionary<char, AddedToken[]> byFirst;
    private readonly SearchValues<char> firsts;

    /// <summary>Makes a finder of <paramref name="tokens"/>, whose contents are not empty.</summary>
    public AddedTokenFinder(IEnumerable<AddedToken> tokens)
    {
        byFirst = tokens.GroupBy(token => token.Content[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Content.Length).ToArray());
        firsts = SearchValues.Create(byFirst.Keys.ToArray());
    }

    /// <summary>The segments of the text, in order and without empty ones.</summary>
    public List<AddedTokenSegment> Split(string text)
    {
        var segments = new List<AddedTokenSegment>();
        int done = 0, at = 0;
        while (at < text.Length)
        {
            int skip = text.AsSpan(at).IndexOfAny(firsts);
            if (skip < 0)
                break;
            at += skip;
            AddedToken? token = TokenAt(text, at);
            if (token is null)
            {
                at++;
                continue;
            }

            int start = at, stop = at + token.Content.Length;
            at = stop;
            if (token.SingleWord && (EndsWithWord(text.AsSpan(0, start)) || StartsWithWord(text.AsSpan(stop))))
                continue;
            if (token.StripLeft)
            {
                while (start > done && CharacterSet.IsWhiteSpace(text[start - 1]))
                    start--;
            }

            if (token.StripRight)
            {
                while (stop < text.Length && CharacterSet.IsWhiteSpace(text[stop]))
                    stop++;
            }

            if (start > done)
                segments.Add(new(new(done, start - done), null));
            segments.Add(new(new(start, stop - start), token.Id));
            done = at = stop;
        }

        if (done < text.Length)
            segments.Add(new(new(done, text.Length - done), null));
        return segments;
    }

    private AddedToken? TokenAt(string text, int at)
    {
        foreach (AddedToken token in byFirst[text[at]])
        {
            if (text.AsSpan(at).StartsWith(token.Content))
                return token;
        }

        return null;
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && IsWord(rune);

    // \w of UTS #18: alphabetic, mark, decimal number, connector punctuation, join control.
    private static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation => true,
        UnicodeCategory.OtherSymbol => rune.Value is (>= 0x24B6 and <= 0x24E9)
            or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189),
        _ => rune.Value is 0x200C or 0x200D,
    };
}
