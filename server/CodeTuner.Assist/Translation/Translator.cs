using System.Text;
using CodeTuner.Assist.Text;
using CodeTuner.Models;
using CodeTuner.Models.Generation;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Translation;

/// <summary>
/// Writes a file in another language: the gap is the whole file, the source stands before it as a sibling. A source longer than the
/// prompt is translated piece by piece, each after what is written already. One caller at a time.
/// </summary>
/// <param name="model">The model that serves; it must be trained for fill-in-the-middle.</param>
/// <param name="repository">The repository's name.</param>
/// <exception cref="ModelFormatException">The model was not trained for fill-in-the-middle.</exception>
public sealed class Translator(LanguageModel model, string repository = "")
{
    // Of the model's context: for a piece's translation, and the most that is of use for one.
    private const double AnswerShare = 0.4;
    private const int MostAnswerTokens = 800;
    private const int MostPromptTokens = 4096;

    // Half of a prompt is for other files; their headers and the cut at a line's end take some of it.
    private const int HeaderTokens = 48;
    private const int LeastPieceTokens = 32;

    // Progress is told each so many tokens.
    private const int ReportEvery = 8;

    private readonly GapFiller filler = new(model, repository, MostPromptTokens);
    private readonly int answerTokens = (int)Math.Clamp(model.ContextLength * AnswerShare, 1, MostAnswerTokens);

    /// <summary>Translates a file, greedily.</summary>
    /// <param name="request">The source and the target language.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it before the next token; what was told by <paramref name="progress"/> may be kept.</param>
    /// <exception cref="ArgumentException">The target is no language that CodeTuner reads.</exception>
    public TranslationResult Translate(TranslationRequest request, Action<TranslationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Target == Language.Unknown)
            throw new ArgumentException("The target language is not one that CodeTuner reads. Choose one of its languages.", nameof(request));
        cancellationToken.ThrowIfCancellationRequested();
        string path = TargetPath.Of(request.Path, request.Target), newLine = LineEnds.Of(request.Text);
        int pieceTokens = Math.Max(LeastPieceTokens, (filler.Room(answerTokens) / 2) - HeaderTokens);
        IReadOnlyList<string> pieces = SourcePieces.Of(model.Tokenizer, request.Language, LineEnds.Unify(request.Text), pieceTokens);
        StringBuilder written = new();
        bool isCut = false;
        for (int i = 0; i < pieces.Count; i++)
        {
            (string text, bool whole) = Piece(request, path, pieces[i], written.ToString(), Share, cancellationToken);
            isCut |= !whole;
            if (text.Length > 0)
                written.Append(text).Append('\n');
            progress?.Invoke(new TranslationProgress((i + 1.0) / pieces.Count, Formatted()));

            void Share(double share, string sofar) => progress?.Invoke(new TranslationProgress((i + share) / pieces.Count, written + sofar));
        }

        if (pieces.Count == 0)
            progress?.Invoke(new TranslationProgress(1, ""));
        return new TranslationResult(path, Formatted(), isCut);

        string Formatted() => TargetFormat.Of(request.Target, written.ToString(), newLine);
    }

    private (string Text, bool Whole) Piece(
        TranslationRequest request, string path, string piece, string written, Action<double, string> progress, CancellationToken cancellationToken)
    {
        // A base without a mark between files is shown the source as a comment.
        IReadOnlyList<ContextSnippet>? context = filler.KnowsFiles ? [new ContextSnippet(request.Path, piece)] : null;
        string prefix = filler.KnowsFiles ? written : written + Commented(request, piece);
        int tokens = 0;
        GenerationResult result = filler.Fill(path, prefix, "", answerTokens, Stop, context, cancellationToken);
        bool loops = Repetition.IsLooping(result.Text);
        string text = (loops ? Repetition.Unrolled(result.Text) : result.Text).TrimEnd();
        bool whole = result.FinishReason == FinishReason.StopToken && !loops && text.Length > 0;
        if (result.FinishReason == FinishReason.Length && text.Contains('\n', StringComparison.Ordinal))
            text = text[..text.LastIndexOf('\n')].TrimEnd();
        return (written.Length == 0 ? text.TrimStart('\n') : text, whole);

        bool Stop(string sofar)
        {
            if (++tokens % ReportEvery == 0)
                progress(Math.Min(1, (double)tokens / answerTokens), sofar);
            return Repetition.IsLooping(sofar);
        }
    }

    private static string Commented(TranslationRequest request, string piece)
    {
        string mark = request.Target.Info().Comments.Line;
        return string.Concat(piece.TrimEnd().Split('\n').Prepend(request.Path).Select(l => $"{mark} {l}".TrimEnd() + "\n"));
    }
}
