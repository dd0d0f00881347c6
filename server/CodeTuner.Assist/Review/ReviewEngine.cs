using CodeTuner.Assist.Text;
using CodeTuner.Models;
using CodeTuner.Models.Generation;
using CodeTuner.Workspace.History;

namespace CodeTuner.Assist.Review;

/// <summary>
/// Finds changed lines that do not fit in with the code around them: each line is taken out, and the model says how probable it is
/// in that gap. Only for the most surprising ones it is asked what it would write instead. One caller at a time.
/// </summary>
/// <param name="model">The model that serves; it must be trained for fill-in-the-middle.</param>
/// <param name="options">How much is looked at and when it speaks.</param>
/// <exception cref="ModelFormatException">The model was not trained for fill-in-the-middle.</exception>
public sealed class ReviewEngine(LanguageModel model, ReviewOptions? options = null)
{
    private const int PromptTokens = 512;
    private const int LineTokens = 64;

    private readonly ReviewOptions options = options ?? new ReviewOptions();
    private readonly GapFiller filler = new(model, "", PromptTokens);

    /// <summary>Reviews the changed lines.</summary>
    /// <param name="request">The document and its changed lines.</param>
    /// <param name="isDismissed">Tells of a fingerprint whether the user has dismissed it; such lines are not looked at.</param>
    /// <param name="cancellationToken">Stops it between lines.</param>
    /// <returns>The suggestions by line; usually none.</returns>
    public IReadOnlyList<ReviewSuggestion> Review(
        ReviewRequest request, Func<string, bool>? isDismissed = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        DocumentLines lines = new(request.Text);
        IReadOnlyList<int> candidates =
        [
            .. CandidateLines.Of(request.Language, lines, request.ChangedLines)
                .Where(l => isDismissed?.Invoke(Fingerprint.Of(request.Path, lines.Line(l).ToString())) != true),
        ];
        if (candidates.Count > options.MaxLines)
            candidates = FirstPass.MostSurprising(filler, request.Path, lines, candidates, options.MaxLines, cancellationToken);

        List<(JudgedLine Line, ScoredText Score)> surprising = [];
        foreach (int candidate in candidates)
        {
            JudgedLine line = new(request.Path, lines, candidate);
            ScoredText score = line.Score(filler, line.Current, cancellationToken);
            if (score.Surprise >= options.LeastSurprise)
                surprising.Add((line, score));
        }

        if (surprising.Count == 0)
            return [];
        ReplacementRules rules = new(request.Language, request.Text);
        return
        [
            .. surprising.OrderByDescending(s => s.Score.Surprise).Take(options.MaxProposals)
                .Select(s => Propose(rules, s.Line, s.Score, cancellationToken)).OfType<ReviewSuggestion>().OrderBy(s => s.Lines.Start),
        ];
    }

    private ReviewSuggestion? Propose(ReplacementRules rules, JudgedLine line, ScoredText current, CancellationToken cancellationToken)
    {
        string? best = null;
        ScoredText? bestScore = null;
        IEnumerable<string> proposals = line.Proposals(filler, current, LineTokens, cancellationToken)
            .Where(p => p.Confidence >= options.LeastConfidence).Select(p => p.Line).Distinct(StringComparer.Ordinal);
        foreach (string proposal in proposals.Where(p => rules.Allow(line.Span, p)))
        {
            ScoredText score = line.Score(filler, proposal, cancellationToken);
            bool isBetter = score.LogProbabilities.Count > 0 && score.Surprise <= options.MostReplacementSurprise
                && current.Surprise - score.Surprise >= options.LeastMargin && current.TotalSurprise - score.TotalSurprise >= options.LeastGain;
            if (isBetter && (bestScore is null || score.TotalSurprise < bestScore.TotalSurprise))
                (best, bestScore) = (proposal, score);
        }

        return bestScore is null ? null : new ReviewSuggestion(
            new LineRange(line.Number, line.Number + 1), line.Current, best!, current.Surprise, bestScore.Surprise,
            Reason(line.Current, best!), Fingerprint.Of(line.Path, line.Current));
    }

    private static string Reason(string current, string replacement)
    {
        const int LongestQuote = 60;
        (string before, string after) = LineWords.Difference(current, replacement);
        return before.Length is > 0 and <= LongestQuote && after.Length is > 0 and <= LongestQuote
            ? $"`{before}` is unusual here. Going by the rest of this code, `{after}` is expected."
            : before.Length == 0 && after.Length is > 0 and <= LongestQuote
                ? $"Going by the rest of this code, `{after}` is missing here."
                : "This line is unusual here. Going by the rest of this code, another one is expected.";
    }
}
