using CodeTuner.Models;
using CodeTuner.Models.Generation;
using CodeTuner.Models.Tokenizers;

namespace CodeTuner.Tuning.Datasets;

/// <summary>
/// Draws samples from the base model itself: replay of what it knows without anybody's code (as in self-synthesised rehearsal,
/// Huang et al. 2024, arXiv 2403.01244).
/// </summary>
public static class ReplaySampler
{
    /// <summary>Token ids of <paramref name="count"/> samples of about <paramref name="length"/> tokens, at temperature 1.</summary>
    public static List<int[]> Draw(
        LanguageModel model, FimFormat format, int count, int length, ulong seed, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        List<int[]> samples = [];
        for (int i = 0; i < count; i++)
        {
            // A document begins at a file separator; the model makes up the path itself.
            int[] start = [format.FileSeparator ?? format.EndOfText];
            GenerationOptions options = new()
            {
                MaxTokens = length,
                Temperature = 1,
                TopP = 0.95f,
                Seed = RandomSequence.Combine(seed, (ulong)i),
                // Not at the sentinels: with them the base fills gaps, and that is not to be forgotten either.
                StopTokens = [format.EndOfText],
            };
            GenerationResult result = model.Generate(start, options, cancellationToken);
            if (result.Tokens.Count >= 8)
                samples.Add([.. start, .. result.Tokens]);
            progress?.Invoke((i + 1.0) / count);
        }

        return samples;
    }
}
