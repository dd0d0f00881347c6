using System.Globalization;
using System.Text;

namespace CodeTuner.Models.Tokenizers;

/// <summary>
/// Cuts text into the words that BPE works on. The patterns that models use are read over whole Unicode scalars by hand:
/// .NET's regular expressions see UTF-16 units and would cut letters outside the basic plane.
/// </summary>
internal abstract class PreTokenizer
{
    /// <summary>The pattern of Qwen2, as its <c>tokenizer.json</c> spells it.</summary>
    public const string QwenPattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Cuts <paramref name="text"/>; gives the end of the word that starts at <paramref name="start"/>.</summary>
    public abstract int WordEnd(ReadOnlySpan<Rune> text, int start);

    /// <summary>The hand-written reader of a pattern, or null where there is none.</summary>
    public static PreTokenizer? OfPattern(string pattern) => pattern == QwenPattern ? new Qwen() : null;

    /// <summary>The built-in pattern of the ByteLevel pre-tokenizer, from GPT-2.</summary>
    public static PreTokenizer Gpt2() => new Gpt2Pattern();

    private static bool IsLetter(Rune rune) => Rune.GetUnicodeCategory(rune) <= UnicodeCategory.OtherLetter;

    private static bool IsNumber(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    private static bool IsOther(Rune rune) => !Rune.IsWhiteSpace(rune) && !IsLetter(rune) && !IsNumber(rune);

    private static bool IsNewLine(Rune rune) => rune.Value is '\r' or '\n';

    private static int While(ReadOnlySpan<Rune> text, int at, Func<Rune, bool> holds)
    {
        while (at < text.Length && holds(text[at]))
            at++;
        return at;
    }

    // 's 't 'm 'd 're 've 'll
    private static int Contraction(ReadOnlySpan<Rune> text, int start, bool ignoreCase)
    {
        if (text[start].Value != '\'' || start + 1 >= text.Length)
            return start;
        int first = Fold(text[start + 1], ignoreCase);
        if (first is 's' or 't' or 'm' or 'd')
            return start + 2;
        int second = start + 2 < text.Length ? Fold(text[start + 2], ignoreCase) : 0;
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? start + 3 : start;
    }

    private static int Fold(Rune rune, bool ignoreCase)
    {
        int value = rune.Value;
        if (!ignoreCase)
            return value;
        return value == 0x17F ? 's' : value is >= 'A' and <= 'Z' ? value + 32 : value; // ſ folds to s
    }

    // \s+(?!\S)|\s+ : a run of space leaves its last character to the word that follows
    private static int Spaces(ReadOnlySpan<Rune> text, int start)
    {
        int end = While(text, start, Rune.IsWhiteSpace);
        return end < text.Length && end - start > 1 ? end - 1 : end;
    }

    private sealed class Qwen : PreTokenizer
    {
        public override int WordEnd(ReadOnlySpan<Rune> text, int start)
        {
            int end = Contraction(text, start, ignoreCase: true);
            if (end > start)
                return end;
            Rune c = text[start];
            if (IsLetter(c))
                return While(text, start + 1, IsLetter);
            if (IsNumber(c))
                return start + 1;
            if (!IsNewLine(c) && start + 1 < text.Length && IsLetter(text[start + 1]))
                return While(text, start + 2, IsLetter);
            int other = c.Value == ' ' ? start + 1 : start;
            if (other < text.Length && IsOther(text[other]))
                return While(text, While(text, other, IsOther), IsNewLine);
            int spaces = While(text, start, Rune.IsWhiteSpace);
            for (int i = spaces - 1; i >= start; i--)
            {
                if (IsNewLine(text[i]))
                    return i + 1; // \s*[\r\n]+ : up to the last line end of the run
            }

            return Spaces(text, start);
        }
    }

    private sealed class Gpt2Pattern : PreTokenizer
    {
        public override int WordEnd(ReadOnlySpan<Rune> text, int start)
        {
            int end = Contraction(text, start, ignoreCase: false);
            if (end > start)
                return end;
            int word = text[start].Value == ' ' && start + 1 < text.Length ? start + 1 : start;
            Rune c = text[word];
            if (IsLetter(c))
                return While(text, word, IsLetter);
            if (IsNumber(c))
                return While(text, word, IsNumber);
            return IsOther(c) ? While(text, word, IsOther) : Spaces(text, start);
        }
    }
}
