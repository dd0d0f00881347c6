using CodeTuner.Assist.Text;
using CodeTuner.Models;
using CodeTuner.Models.Generation;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Summary;

/// <summary>
/// Says in a sentence or two what a function or type does: the gap is its missing doc comment, the declaration follows the gap.
/// One caller at a time.
/// </summary>
/// <param name="model">The model that serves; it must be trained for fill-in-the-middle.</param>
/// <param name="repository">The repository's name.</param>
/// <exception cref="ModelFormatException">The model was not trained for fill-in-the-middle.</exception>
public sealed class SummaryEngine(LanguageModel model, string repository = "")
{
    private const int PromptTokens = 640;
    private const int SummaryTokens = 48;

    // What stands before shows how this file comments; the declaration itself needs the room more.
    private const int BeforeCharacters = 1200;

    // Where the most probable sentence is a commonplace, others are drawn.
    private const int Draws = 2;

    private readonly GapFiller filler = new(model, repository, PromptTokens);

    /// <summary>The least mean natural-log probability of a token; below it the model only guesses, and nothing is shown.</summary>
    public double LeastConfidence { get; init; } = -2.2;

    /// <summary>
    /// By how many nats a token the declaration must make the summary more probable than another declaration of the same file does in
    /// its place: a sentence that would do for that one as well says nothing about this one.
    /// </summary>
    public double LeastRelevance { get; init; } = 0.05;

    /// <summary>Summarises the innermost declaration that contains the request's position.</summary>
    /// <returns>Null where there is no declaration, or where nothing useful came.</returns>
    public DeclarationSummary? Summarize(SummaryRequest request, CancellationToken cancellationToken = default) =>
        SummaryTarget.Find(request) is { } target ? Summarize(request, target, cancellationToken) : null;

    /// <summary>Summarises a declaration that <see cref="SummaryTarget.Find"/> gave for the same request.</summary>
    /// <returns>Null where nothing useful came. A doc comment that is there already is not shown to the model.</returns>
    public DeclarationSummary? Summarize(SummaryRequest request, SummaryTarget target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(target);
        if (DocCommentGap.Of(target, request.Text) is not { } gap)
            return null;
        DeclarationSummary? best = null;
        string? other = Another(request, target.Node);
        string prefix = NearEnd(gap.Prefix()), suffix = gap.Suffix();
        for (int i = 0; i <= Draws && best is null; i++)
        {
            GapFiller.Draw? draw = i == 0 ? null : new GapFiller.Draw((ulong)i);
            GenerationResult written = filler.Fill(
                request.Path, prefix, suffix, SummaryTokens, text => SummaryText.IsEnough(target.Language, text), context: null, cancellationToken, draw);
            double confidence = written.LogProbabilities.Count == 0 ? double.NegativeInfinity : written.LogProbabilities.Average();
            bool isWhole = written.FinishReason == FinishReason.StopToken;
            if (confidence >= LeastConfidence && SummaryText.Clean(target.Language, target.Node.Name, written.Text, isWhole) is { } text)
            {
                double relevance = other is null
                    ? LeastRelevance
                    : Relevance(request.Path, prefix, written.Text, suffix, gap.SuffixWith(other), cancellationToken);
                if (relevance >= LeastRelevance)
                    best = new DeclarationSummary(target, text, confidence, relevance, target.IsDocumented ? null : gap.Insertion(text));
            }
        }

        return best;
    }

    private double Relevance(string path, string prefix, string words, string here, string elsewhere, CancellationToken cancellationToken) =>
        filler.Score(path, prefix, words, elsewhere, ends: false, cancellationToken).Surprise
        - filler.Score(path, prefix, words, here, ends: false, cancellationToken).Surprise;

    // The text of the next declaration, or of the one before, that is no part of this one and of the same kind if possible.
    private static string? Another(SummaryRequest request, OutlineNode node)
    {
        OutlineNode? other = OutlineParser.Parse(request.Language, request.Text).SelectMany(n => n.SelfAndDescendants())
            .Where(n => n.Span.End <= node.Span.Start || n.Span.Start >= node.Span.End)
            .OrderByDescending(n => n.Kind == node.Kind).ThenByDescending(n => n.Span.Start >= node.Span.End)
            .ThenBy(n => Math.Abs(n.Span.Start - node.Span.Start)).FirstOrDefault();
        return other is null ? null : request.Text[other.Span.Start..other.Span.End];
    }

    // The last lines before the gap; a whole line at their beginning.
    private static string NearEnd(string prefix)
    {
        if (prefix.Length <= BeforeCharacters)
            return prefix;
        int line = prefix.IndexOf('\n', prefix.Length - BeforeCharacters);
        return line >= 0 && line + 1 < prefix.Length ? prefix[(line + 1)..] : prefix[SafeCut.At(prefix, prefix.Length - BeforeCharacters)..];
    }
}
