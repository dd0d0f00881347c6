using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Tuning.Evaluation;

/// <summary>Measures a model on held-out code.</summary>
/// <param name="promptTokens">The most tokens of a prompt.</param>
/// <param name="lineTokens">The most tokens of a line.</param>
public sealed class Evaluator(int promptTokens = 384, int lineTokens = 40)
{
    /// <summary>Fills every spot, greedily, and scores every sequence.</summary>
    /// <param name="model">The model; it must be trained for fill-in-the-middle.</param>
    /// <param name="spots">Where to write.</param>
    /// <param name="sequences">What to score.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public EvaluationResult Evaluate(
        LanguageModel model, IReadOnlyList<EvaluationSpot> spots, IReadOnlyList<HeldOutSequence> sequences,
        Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        double all = spots.Count + sequences.Count;
        List<SequenceResult> losses = [];
        foreach (HeldOutSequence sequence in sequences)
        {
            losses.Add(Score(model, sequence, cancellationToken));
            progress?.Invoke(losses.Count / all);
        }

        List<SpotResult> lines = [];
        foreach (EvaluationSpot spot in spots)
        {
            lines.Add(Fill(model, spot, cancellationToken));
            progress?.Invoke((losses.Count + lines.Count) / all);
        }

        return new EvaluationResult(lines, losses);
    }

    /// <summary>The mean of log p(base) − log p(model) a token, over samples drawn from the base: an estimate of KL(base ‖ model).</summary>
    /// <param name="samples">Token ids drawn from the base.</param>
    /// <param name="baseScores">What the base gave each, as <see cref="LanguageModel.Score"/> does.</param>
    /// <param name="model">The model in question.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static double Forgetting(
        IReadOnlyList<int[]> samples, IReadOnlyList<float[]> baseScores, LanguageModel model, CancellationToken cancellationToken = default)
    {
        double sum = 0;
        long tokens = 0;
        for (int i = 0; i < samples.Count; i++)
        {
            float[] scores = model.Score(samples[i], cancellationToken);
            for (int t = 0; t < scores.Length; t++)
                sum += baseScores[i][t] - scores[t];
            tokens += scores.Length;
        }

        return tokens == 0 ? 0 : sum / tokens;
    }

    private static SequenceResult Score(LanguageModel model, HeldOutSequence sequence, CancellationToken cancellationToken)
    {
        float[] scores = model.Score(sequence.Ids, cancellationToken);
        double nats = 0;
        for (int t = sequence.FirstCounted - 1; t < scores.Length; t++)
            nats -= scores[t];
        return new SequenceResult(nats, sequence.Counted, sequence.Bytes);
    }

    private SpotResult Fill(LanguageModel model, EvaluationSpot spot, CancellationToken cancellationToken)
    {
        FimFormat format = model.FimFormat ?? throw new TuningException("The model was not trained for fill-in-the-middle. Choose another base.");
        int[] prompt = FimPrompt.Build(
            format, model.Tokenizer, spot.Path, spot.Prefix, spot.Suffix, Math.Min(promptTokens, model.ContextLength - lineTokens - 1), gap: GapStart.Above(spot.Prefix));
        GenerationOptions options = new()
        {
            MaxTokens = lineTokens,
            StopTokens = format.StopTokens,
            ShouldStop = text => text.Contains('\n', StringComparison.Ordinal),
        };
        string written = model.Generate(prompt, options, cancellationToken).Text.Split('\n')[0].TrimEnd();
        string text = FimPrompt.WithoutIndentation(spot.Prefix, written);
        bool validBefore = SyntaxCheck.IsValid(spot.Language, spot.Prefix + spot.Reference + spot.Suffix);
        return new SpotResult(
            text,
            text == spot.Reference ? 1 : 0,
            EditDistance.Similarity(text, spot.Reference),
            F1(spot, text),
            validBefore ? SyntaxCheck.IsValid(spot.Language, spot.Prefix + text + spot.Suffix) : null);
    }

    private static double F1(EvaluationSpot spot, string text)
    {
        Dictionary<string, int> wanted = Count(spot, spot.Reference), got = Count(spot, text);
        int both = wanted.Sum(p => Math.Min(p.Value, got.GetValueOrDefault(p.Key))), all = wanted.Values.Sum() + got.Values.Sum();
        return all == 0 ? 1 : 2.0 * both / all;
    }

    private static Dictionary<string, int> Count(EvaluationSpot spot, string text) =>
        Identifiers.Of(spot.Language, text).GroupBy(i => i, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
}
