using System.Text.RegularExpressions;
using CodeTuner.Assist.Text;
using CodeTuner.Workspace.History;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Review;

/// <summary>Chooses the changed lines that a model can say something about.</summary>
internal static partial class CandidateLines
{
    private const int ShortestLine = 4;
    private const int LongestLine = 200;
    private const int MostCandidates = 400;

    /// <summary>
    /// The lines worth judging, in the order of the ranges: blank ones, comments, strings over several lines, braces, imports and
    /// endless ones left out.
    /// </summary>
    public static IReadOnlyList<int> Of(Language language, DocumentLines lines, IReadOnlyList<LineRange> changed)
    {
        if (language == Language.Unknown)
            return [];
        HashSet<int> words = LinesOfWords(language, lines);
        HashSet<int> seen = [];
        List<int> candidates = [];
        foreach (LineRange range in changed)
        {
            for (int line = Math.Max(0, range.Start); line < Math.Min(range.End, lines.Count) && candidates.Count < MostCandidates; line++)
            {
                if (seen.Add(line) && !words.Contains(line) && IsCode(lines.Line(line)))
                    candidates.Add(line);
            }
        }

        return candidates;
    }

    private static bool IsCode(ReadOnlySpan<char> line)
    {
        ReadOnlySpan<char> trimmed = line.Trim();
        if (trimmed.Length is < ShortestLine or > LongestLine || Import().IsMatch(trimmed))
            return false;
        int letters = 0;
        foreach (char c in trimmed)
            letters += char.IsLetter(c) ? 1 : 0;
        return letters > 1;
    }

    // Lines of nothing but a comment, and lines that begin inside a comment or string.
    private static HashSet<int> LinesOfWords(Language language, DocumentLines lines)
    {
        HashSet<int> found = [];
        foreach (TextSpan span in Remarks.Comments(language, lines.Text).Select(c => c.Span))
        {
            int first = lines.At(span.Start);
            if (lines.Text.AsSpan(lines.Span(first).Start, span.Start - lines.Span(first).Start).IsWhiteSpace())
                found.Add(first);
            Inside(span, first);
        }

        foreach (TextSpan span in Remarks.Strings(language, lines.Text))
        {
            int first = lines.At(span.Start);
            TextSpan line = lines.Span(first);
            if (lines.Text.AsSpan(line.Start, span.Start - line.Start).IsWhiteSpace() && span.End >= line.End)
                found.Add(first);
            Inside(span, first);
        }

        return found;

        void Inside(TextSpan span, int first)
        {
            for (int line = first + 1; line <= lines.At(Math.Max(span.Start, span.End - 1)); line++)
                found.Add(line);
        }
    }

    [GeneratedRegex(
        @"^(?:(?:global\s+)?using\s+(?!var\b|await\b)[\w.=\s<>,:]+;|import\b|from\s+\S+\s+import\b|export\s+\*|export\s*\{|" +
        @"#\s*include\b|package\s+[\w.]+;?$|namespace\b|use\s+[\w:{]|extern\s+crate\b|mod\s+\w+;|" +
        @"(?:const|let|var)\s+.*=\s*require\s*\()")]
    private static partial Regex Import();
}
