using CodeTuner.Assist.Text;
using CodeTuner.Models.Generation;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Review;

/// <summary>A line taken out of its document: what stands before and after, how probable it is there, and what could stand there instead.</summary>
internal sealed class JudgedLine
{
    // What a gap of one word may take.
    private const int WordTokens = 12;

    // How many places of a line are tried.
    private const int Places = 2;

    private readonly string before;
    private readonly string after;

    public JudgedLine(string path, DocumentLines lines, int number)
    {
        Path = path;
        Number = number;
        Span = lines.Span(number);
        Current = lines.Text[Span.Start..Span.End];
        before = lines.Text[..Span.Start];
        after = lines.Text[Span.End..];
    }

    public string Path { get; }

    /// <summary>The line's number, from 0.</summary>
    public int Number { get; }

    /// <summary>Where the line stands, its end excluded.</summary>
    public TextSpan Span { get; }

    /// <summary>The line.</summary>
    public string Current { get; }

    /// <summary>How probable a line would be here.</summary>
    public ScoredText Score(GapFiller filler, string line, CancellationToken cancellationToken) =>
        filler.Score(Path, before, line, after, ends: true, cancellationToken);

    /// <summary>
    /// What the model would write, with the mean natural-log probability of its tokens: for the whole line, and for the words in it
    /// that surprised it most, alone and with the rest of the line. Asked for one by one, as each costs a run of the model.
    /// </summary>
    public IEnumerable<(string Line, double Confidence)> Proposals(
        GapFiller filler, ScoredText score, int lineTokens, CancellationToken cancellationToken)
    {
        (string line, double confidence) = Fill(filler, before, after, lineTokens, cancellationToken);
        yield return (line.TrimEnd(), confidence);
        foreach (TextSpan word in SurprisingWords(score))
        {
            // The blank before a word belongs to the gap: tokenizers join it to the word.
            int start = word.Start;
            while (start > 0 && Current[start - 1] == ' ')
                start--;
            if (string.IsNullOrWhiteSpace(Current[..start]))
                start = 0;
            string rest = Current[word.End..];
            (string filled, double sure) = Fill(filler, before + Current[..start], rest + after, WordTokens, cancellationToken);
            yield return (Current[..start] + filled + rest, sure);
            if (LineWords.Of(filled) is [(_, var first), _, ..])
                yield return (Current[..start] + filled[..first.End] + rest, sure);
            if (rest.Length == 0 || start == 0)
                continue;
            (filled, sure) = Fill(filler, before + Current[..start], after, lineTokens, cancellationToken);
            yield return ((Current[..start] + filled).TrimEnd(), sure);
        }
    }

    private (string Text, double Confidence) Fill(GapFiller filler, string prefix, string suffix, int tokens, CancellationToken cancellationToken)
    {
        GenerationResult result = filler.Fill(
            Path, prefix, suffix, tokens, text => text.Contains('\n', StringComparison.Ordinal), context: null, cancellationToken);
        return (result.Text.Split('\n')[0], result.LogProbabilities.Count == 0 ? double.NegativeInfinity : result.LogProbabilities.Average());
    }

    // The words that the most surprising tokens are about: the one that a token shares most characters with.
    private List<TextSpan> SurprisingWords(ScoredText score)
    {
        IReadOnlyList<(string Word, TextSpan Span)> words = LineWords.Of(Current);
        Dictionary<TextSpan, double> surprise = [];
        for (int i = 0; i < score.Starts.Count; i++)
        {
            int start = score.Starts[i], end = i + 1 < score.Starts.Count ? score.Starts[i + 1] : Current.Length;
            TextSpan word = words.Select(w => w.Span).OrderByDescending(w => Shared(w, start, end)).FirstOrDefault();
            if (Shared(word, start, end) > 0)
                surprise[word] = surprise.GetValueOrDefault(word) - score.LogProbabilities[i];
        }

        return [.. surprise.OrderByDescending(s => s.Value).ThenBy(s => s.Key.Start).Take(Places).Select(s => s.Key)];
    }

    private static int Shared(TextSpan word, int start, int end) => Math.Min(word.End, end) - Math.Max(word.Start, start);
}
