using System.Globalization;

namespace CodeTuner.Assist.Completion;

/// <summary>Why a completion is asked for, or why not.</summary>
public enum TriggerDecision
{
    /// <summary>Ask, after a pause in typing.</summary>
    AskAfterPause,

    /// <summary>Ask at once: the user did so by a key, or has just begun a line.</summary>
    AskAtOnce,

    /// <summary>Text is selected.</summary>
    NotWithSelection,

    /// <summary>The cursor stands inside a word.</summary>
    NotInWord,

    /// <summary>The cursor stands behind a closing bracket: most often what follows is short and known.</summary>
    NotBehindClosingBracket,

    /// <summary>The cursor stands inside a character or a line end.</summary>
    NotInCharacter,
}

/// <summary>Decides whether to ask a model at all. Strings and comments are as good a place as any.</summary>
public static class CompletionTrigger
{
    /// <summary>Decides for a place.</summary>
    /// <param name="prefix">The text before the cursor.</param>
    /// <param name="suffix">The text after it.</param>
    /// <param name="isExplicit">Whether the user asked by a key: then only what cannot be completed is refused.</param>
    /// <param name="hasSelection">Whether text is selected.</param>
    public static TriggerDecision Decide(string prefix, string suffix, bool isExplicit = false, bool hasSelection = false)
    {
        if (CursorPlace.SplitsCharacter(prefix, suffix))
            return TriggerDecision.NotInCharacter;
        if (isExplicit)
            return TriggerDecision.AskAtOnce;
        if (hasSelection)
            return TriggerDecision.NotWithSelection;
        if (EndsInWord(prefix) && StartsInWord(suffix))
            return TriggerDecision.NotInWord;
        if (prefix.Length > 0 && prefix[^1] is ')' or ']' or '}')
            return TriggerDecision.NotBehindClosingBracket;
        int lineStart = prefix.LastIndexOfAny(['\n', '\r']) + 1;
        return lineStart > 0 && prefix.AsSpan(lineStart).IsWhiteSpace() ? TriggerDecision.AskAtOnce : TriggerDecision.AskAfterPause;
    }

    /// <summary>Whether the decision is to ask.</summary>
    public static bool Asks(this TriggerDecision decision) => decision is TriggerDecision.AskAfterPause or TriggerDecision.AskAtOnce;

    private static bool EndsInWord(string text) =>
        text.Length > 0 && IsWord(text, text.Length > 1 && char.IsSurrogatePair(text, text.Length - 2) ? text.Length - 2 : text.Length - 1);

    private static bool StartsInWord(string text) => text.Length > 0 && IsWord(text, 0);

    private static bool IsWord(string text, int at) => text[at] == '$' || CharUnicodeInfo.GetUnicodeCategory(text, at) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or
        UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or
        UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation;
}
