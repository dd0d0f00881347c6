using CodeTuner.Assist.Text;
using CodeTuner.Models;
using CodeTuner.Models.Generation;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Generation;

/// <summary>Writes the code that a comment asks for: the gap is what stands under it. One caller at a time.</summary>
/// <param name="model">The model that serves; it must be trained for fill-in-the-middle.</param>
/// <param name="repository">The repository's name.</param>
/// <exception cref="ModelFormatException">The model was not trained for fill-in-the-middle.</exception>
public sealed class CommentGenerator(LanguageModel model, string repository = "")
{
    private const int PromptTokens = 768;
    private const int CodeTokens = 160;

    private readonly GapFiller filler = new(model, repository, PromptTokens);

    /// <summary>Writes code under the comment at the request's position, greedily.</summary>
    /// <param name="request">Where code is wanted.</param>
    /// <param name="context">Pieces of other files, the most useful last.</param>
    /// <param name="cancellationToken">Stops it before the next token.</param>
    public GenerationOutcome Generate(GenerationRequest request, IReadOnlyList<ContextSnippet>? context = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        (CommentPlace? place, NoCodeReason reason) = CommentPlace.Find(request.Language, request.Text, request.Offset);
        if (place is null)
            return new GenerationOutcome(null, reason);
        string text = request.Text, newLine = LineEnds.Of(text);
        TextSpan gap = place.Insertion;
        string prefix = text[..gap.Start] + newLine, suffix = text[gap.End..];
        BlockStop stop = new(request.Language, place.Indentation, text[place.Span.Start..place.Span.End], suffix);
        GenerationResult written = filler.Fill(request.Path, prefix, suffix, CodeTokens, stop.IsEnough, context, cancellationToken);
        IReadOnlyList<string> lines = stop.Cut(written.Text, written.FinishReason == FinishReason.StopToken);
        lines = WholeBlock.Of(request.Language, text, gap, lines, newLine);
        if (lines.All(string.IsNullOrWhiteSpace))
            return new GenerationOutcome(null, NoCodeReason.NothingToSay);
        string code = newLine + string.Join(newLine, lines);
        return new GenerationOutcome(new GeneratedCode(gap.Start, gap.Length, code, written.LogProbabilities.Average()), NoCodeReason.None);
    }
}
