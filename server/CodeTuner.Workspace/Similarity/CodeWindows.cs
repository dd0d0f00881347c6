using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;
using CodeTuner.Workspace.Outline.Lexing;

namespace CodeTuner.Workspace.Similarity;

/// <summary>A piece of a document with the names it uses.</summary>
/// <param name="Span">Whole lines, the last line end included.</param>
/// <param name="Names">The distinct identifiers inside.</param>
internal readonly record struct CodeWindow(TextSpan Span, IReadOnlyCollection<string> Names);

/// <summary>Cuts a document into overlapping windows of half a screen: as long as what a prompt shows of another file.</summary>
internal static class CodeWindows
{
    private const int HalfLines = 10;
    private const int LeastNames = 4;

    /// <summary>Windows of 20 lines, one every 10 lines; those with fewer than four names are left out.</summary>
    public static List<CodeWindow> Of(Language language, string text)
    {
        // The document is read once, in halves: a window is two of them.
        List<int> starts = [0];
        int lines = 1;
        for (int at = text.IndexOf('\n', StringComparison.Ordinal); at >= 0; at = text.IndexOf('\n', at + 1))
        {
            if (lines++ % HalfLines == 0)
                starts.Add(at + 1);
        }

        List<HashSet<string>> halves = [.. starts.Select(_ => new HashSet<string>(StringComparer.Ordinal))];
        int half = 0;
        foreach (Token token in language == Language.CSharp ? CSharpLexer.Run(text) : Lexer.Run(language, text))
        {
            if (token.Kind != TokenKind.Identifier)
                continue;
            while (half + 1 < starts.Count && token.Start >= starts[half + 1])
                half++;
            halves[half].Add(text[token.Start..token.End]);
        }

        List<CodeWindow> windows = [];
        for (int i = 0; i < halves.Count; i++)
        {
            HashSet<string> names = [.. halves[i]];
            if (i + 1 < halves.Count)
                names.UnionWith(halves[i + 1]);
            if (names.Count >= LeastNames)
                windows.Add(new CodeWindow(new TextSpan(starts[i], i + 2 < starts.Count ? starts[i + 2] : text.Length), names));
        }

        return windows;
    }
}
