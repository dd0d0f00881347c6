using System.Text;
using CodeTuner.Models.Tokenizers;

namespace CodeTuner.Assist.Text;

/// <summary>A text's tokens with the probability of each.</summary>
/// <param name="Starts">Where each token begins, in UTF-16 positions of the text; inside a character that several tokens share, that character's start.</param>
/// <param name="LogProbabilities">The natural-log probability of each token, as long as <paramref name="Starts"/>.</param>
/// <param name="Length">How much of the text the tokens cover.</param>
internal sealed record ScoredText(IReadOnlyList<int> Starts, IReadOnlyList<float> LogProbabilities, int Length)
{
    /// <summary>Nothing.</summary>
    public static readonly ScoredText None = new([], [], 0);

    /// <summary>The mean surprise of a token, in nats; 0 where there is none.</summary>
    public double Surprise => LogProbabilities.Count == 0 ? 0 : -LogProbabilities.Average();

    /// <summary>The surprise of all tokens together, in nats.</summary>
    public double TotalSurprise => -LogProbabilities.Sum();

    public static ScoredText Of(Tokenizer tokenizer, ReadOnlySpan<int> ids, ReadOnlySpan<float> logProbabilities)
    {
        int[] starts = new int[ids.Length];
        Decoder decoder = Encoding.UTF8.GetDecoder();
        int at = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            starts[i] = at;
            ReadOnlySpan<byte> bytes = tokenizer.Bytes(ids[i]);
            at += decoder.GetChars(bytes, new char[bytes.Length + 2], flush: false);
        }

        return new ScoredText(starts, logProbabilities[..ids.Length].ToArray(), at);
    }
}
