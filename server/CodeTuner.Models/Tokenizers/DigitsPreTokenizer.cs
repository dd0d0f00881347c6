using System.Globalization;

namespace CodeTuner.Models.Tokenizers;

/// <summary>Parts numeric characters (Unicode's general category N) from all others.</summary>
/// <param name="individually">Whether each is a word of its own, or each run of them.</param>
internal sealed class DigitsPreTokenizer(bool individually) : PreTokenizer
{
    /// <inheritdoc/>
    public override void Cut(string text, TextSpan part, List<TextSpan> words)
    {
        int end = part.Start + part.Length, start = part.Start;
        bool inNumber = false;
        for (int at = start; at < end; at += ScalarPattern.UnitsAt(text, at))
        {
            bool numeric = CharUnicodeInfo.GetUnicodeCategory(text, at)
                is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
            if (at > start && (numeric != inNumber || (numeric && individually)))
            {
                words.Add(new TextSpan(start, at - start));
                start = at;
            }

            inNumber = numeric;
        }

        if (end > start)
            words.Add(new TextSpan(start, end - start));
    }
}
