using System.Text.RegularExpressions;
using CodeTuner.Models;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Workspace;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Tuning.Evaluation;

/// <summary>Chooses spots in held-out code, spread over its files; the same code gives the same spots.</summary>
public static partial class SpotSelector
{
    private const int LeastLetters = 6;
    private const int LongestLine = 160;

    // Whole files are kept, so that one can tell whether they still parse; of huge ones more than any prompt holds is not.
    private const int WholeFile = 60_000;
    private const int ContextLimit = 8000;

    /// <summary>At most <paramref name="count"/> spots.</summary>
    public static List<EvaluationSpot> Select(IReadOnlyList<HeldOutDocument> heldOut, int count, ulong seed = 7)
    {
        RandomSequence random = new(seed);
        List<List<EvaluationSpot>> byFile = [];
        foreach (HeldOutDocument held in heldOut)
        {
            List<EvaluationSpot> spots = [.. Lines(held).Select(line => Spot(held.Document, line, random))];
            random.Shuffle(spots);
            byFile.Add(spots);
        }

        return FileSpread.Choose(byFile, count, random);
    }

    // Lines worth asking for: not blank, not brackets alone, not an import that nobody could know.
    private static IEnumerable<TextSpan> Lines(HeldOutDocument held)
    {
        string text = held.Document.Text;
        foreach (TextSpan span in held.Spans)
        {
            for (int start = span.Start; start < span.End;)
            {
                int end = text.IndexOf('\n', start, span.End - start);
                end = end < 0 ? span.End : end;
                ReadOnlySpan<char> line = text.AsSpan(start, end - start).Trim();
                int letters = 0;
                foreach (char c in line)
                    letters += char.IsLetterOrDigit(c) ? 1 : 0;
                if (letters >= LeastLetters && line.Length <= LongestLine && !Import().IsMatch(line))
                    yield return new TextSpan(start, end);
                start = end + 1;
            }
        }
    }

    private static EvaluationSpot Spot(SourceDocument document, TextSpan line, RandomSequence random)
    {
        string text = document.Text;
        int start = line.Start, end = line.End;
        while (end > start && char.IsWhiteSpace(text[end - 1]))
            end--;
        while (start < end && char.IsWhiteSpace(text[start]))
            start++;

        // Half from the line's start, half from behind a word inside it, where a typist would stop.
        if (random.NextDouble() < 0.5)
        {
            List<int> stops = [];
            for (int i = start + 2; i < end - 3; i++)
            {
                if (!char.IsLetterOrDigit(text[i - 1]) && char.IsLetterOrDigit(text[i]))
                    stops.Add(i);
            }

            if (stops.Count > 0)
                start = stops[random.NextInt(stops.Count)];
        }

        bool whole = text.Length <= WholeFile;
        int from = whole ? 0 : Math.Max(0, start - ContextLimit), to = whole ? text.Length : Math.Min(text.Length, end + (ContextLimit / 2));
        if (char.IsLowSurrogate(text[from]))
            from++;
        if (to < text.Length && char.IsLowSurrogate(text[to]))
            to++;
        int number = text.AsSpan(0, start).Count('\n') + 1;
        return new EvaluationSpot(document.Path, document.Language, number, text[from..start], text[start..end], text[end..to]);
    }

    [GeneratedRegex(
        @"^(import\b|from\s+\S+\s+import\b|#\s*include\b|package\s|namespace\s|(pub\s+)?use\s[\w:]|(global\s+)?using\s+(static\s+)?[\w.]+\s*(=[^(]*)?;|(const|let|var)\s.*=\s*require\()",
        RegexOptions.CultureInvariant)]
    private static partial Regex Import();
}
