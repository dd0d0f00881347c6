using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;
using CodeTuner.Workspace.Secrets;

namespace CodeTuner.Assist.Review;

/// <summary>What a replacement must hold to before it is shown, whatever the model thinks of it.</summary>
/// <param name="language">The document's language.</param>
/// <param name="text">The document.</param>
internal sealed class ReplacementRules(Language language, string text)
{
    private const double LeastSimilarity = 0.6;

    private static readonly HashSet<string> Mistakable = new(StringComparer.Ordinal) { "true", "false", "True", "False", "and", "or", "not", "is", "in" };

    private readonly bool wasValid = SyntaxCheck.IsValid(language, text);
    private readonly ILookup<string, int> identifiers = IdentifierPlaces(language, text);

    /// <summary>Whether a line may be replaced so.</summary>
    /// <param name="line">Where the line stands.</param>
    /// <param name="replacement">What would stand there.</param>
    public bool Allow(TextSpan line, string replacement)
    {
        string current = text[line.Start..line.End];
        return !string.IsNullOrWhiteSpace(replacement)
            && !LineWords.Same(current, replacement)
            && !LineWords.IsPartOf(replacement, current)
            && LineWords.Similarity(current, replacement) >= LeastSimilarity
            && replacement.Count(c => c == ';') <= current.Count(c => c == ';')
            && KeepsWords(current, replacement)
            && KeepsValues(current, replacement)
            && KeepsNames(line, current, replacement)
            && SecretScanner.Find(replacement).Count <= SecretScanner.Find(current).Count
            && (!wasValid || SyntaxCheck.IsValid(language, string.Concat(text.AsSpan(0, line.Start), replacement, text.AsSpan(line.End))));
    }

    // What people read, in strings and comments, is theirs.
    private bool KeepsWords(string current, string replacement) =>
        Words(Remarks.Strings(language, current), current).SequenceEqual(Words(Remarks.Strings(language, replacement), replacement), StringComparer.Ordinal)
        && Words(Remarks.Comments(language, current).Select(c => c.Span), current)
            .SequenceEqual(Words(Remarks.Comments(language, replacement).Select(c => c.Span), replacement), StringComparer.Ordinal);

    // A value is a decision, not a habit, and a small model would rather see 0, null and "var" everywhere: numbers and keywords stay.
    // Only what is often mistaken for each other may change places.
    private bool KeepsValues(string current, string replacement) => Values(current).SequenceEqual(Values(replacement), StringComparer.Ordinal);

    private IEnumerable<string> Values(string line)
    {
        HashSet<string> names = [.. Identifiers.Of(language, line)];
        return LineWords.Of(line).Select(w => w.Word)
            .Where(w => (char.IsLetterOrDigit(w[0]) || w[0] == '_') && !names.Contains(w) && !Mistakable.Contains(w)).Order(StringComparer.Ordinal);
    }

    // A name that the document does not have is a guess. A name that this line brings in and later lines use must stay.
    private bool KeepsNames(TextSpan line, string current, string replacement)
    {
        HashSet<string> had = [.. Identifiers.Of(language, current)], has = [.. Identifiers.Of(language, replacement)];
        return has.Except(had).All(name => identifiers[name].Any(at => !line.Contains(at)))
            && had.Except(has).All(name => !IsBroughtIn(name, line));
    }

    private bool IsBroughtIn(string name, TextSpan line) => identifiers[name].All(at => at >= line.Start);

    private static IEnumerable<string> Words(IEnumerable<TextSpan> spans, string line) => spans.Select(s => line[s.Start..s.End]);

    private static ILookup<string, int> IdentifierPlaces(Language language, string text)
    {
        List<(string Name, int At)> places = [];
        int at = 0;
        foreach (string name in Identifiers.Of(language, text))
        {
            // They come in the text's order, so each is found behind the one before; one in a comment between may be taken for it.
            int found = text.IndexOf(name, at, StringComparison.Ordinal);
            if (found < 0)
                continue;
            places.Add((name, found));
            at = found + name.Length;
        }

        return places.ToLookup(p => p.Name, p => p.At, StringComparer.Ordinal);
    }
}
