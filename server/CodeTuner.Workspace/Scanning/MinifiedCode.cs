using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Scanning;

/// <summary>Tells squeezed text and embedded data from text that a person laid out.</summary>
internal static class MinifiedCode
{
    // Below this length a long line is as likely one string that somebody wrote.
    private const int MinimumLength = 1000;
    private const int ScriptMeanLine = 200;
    private const int MeanLine = 400;

    /// <summary>Whether the lines are, on average, too long to have been written by hand.</summary>
    public static bool IsMinified(string text, Language language)
    {
        if (text.Length < MinimumLength) return false;
        int lines = text.AsSpan().Count('\n') + (text[^1] == '\n' ? 0 : 1);
        int limit = language is Language.JavaScript or Language.TypeScript ? ScriptMeanLine : MeanLine;
        return text.Length / lines > limit;
    }
}
