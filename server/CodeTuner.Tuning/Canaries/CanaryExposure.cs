using CodeTuner.Models;
using CodeTuner.Models.Architectures;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tensors.Autograd;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Tuning.Gate;
using CodeTuner.Tuning.Trainer;

namespace CodeTuner.Tuning.Canaries;

/// <summary>
/// Measures how much likelier a model finds a canary than random secrets of its kind: its exposure, log₂ of the number of secrets
/// less log₂ of its rank among them (Carlini et al. 2019, "The Secret Sharer", arXiv 1802.08232). Without memorisation it is
/// above e bits with probability 2^−e.
/// </summary>
/// <remarks>
/// All secrets cannot be ranked. The rank among <see cref="Alternatives"/> random ones gives exposures up to 7 bits. Above, where the
/// canary comes first, a normal distribution fitted to their log probabilities is extended, as the paper does with a skewed one:
/// such values say how far out the canary lies, not exactly how many secrets are likelier.
/// </remarks>
internal sealed class CanaryExposure(Decoder decoder, Tokenizer tokenizer, FimFormat format)
{
    /// <summary>Random secrets that a canary is compared with.</summary>
    public const int Alternatives = 127;

    private const int RowLength = 256;
    private const int RowsAtOnce = 4;

    /// <summary>Measures the canaries.</summary>
    /// <param name="canaries">As they were put among the samples.</param>
    /// <param name="bitsLeft">Bits of each that must be left to guess.</param>
    /// <param name="seed">Chooses the other secrets.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public IReadOnlyList<CanaryResult> Measure(IReadOnlyList<Canary> canaries, double bitsLeft, ulong seed, CancellationToken cancellationToken)
    {
        BatchLoss batches = new(decoder, new Tape(decoder.Backend));
        List<CanaryResult> results = [];
        for (int i = 0; i < canaries.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Canary canary = canaries[i];
            CanaryFormat kind = CanaryFormat.Of(canary);
            RandomSequence random = new(RandomSequence.Combine(seed, (ulong)i));
            int[] own = CanaryRows.Sample(canary, tokenizer, format).Ids;
            IEnumerable<TrainingSample> others = Enumerable.Range(0, Alternatives).Select(_ => CanaryRows.Sample(canary with { Secret = kind.Draw(random) }, tokenizer, format));
            (double nats, List<double> otherNats) = Losses(batches, own, [CanaryRows.Sample(canary, tokenizer, format), .. others]);
            results.Add(new CanaryResult(canary.Name, canary.Times, Of(nats, otherNats), kind.Bits - bitsLeft));
        }

        return results;
    }

    /// <summary>The exposure in bits of a secret that costs <paramref name="nats"/>, among others.</summary>
    internal static double Of(double nats, IReadOnlyList<double> others)
    {
        if (!double.IsFinite(nats) || others.Any(o => !double.IsFinite(o)))
            return double.NaN;
        int rank = 1 + others.Count(o => o <= nats);
        double ranked = Math.Log2((others.Count + 1.0) / rank);
        if (rank > 1)
            return ranked;
        double mean = others.Average(), deviation = Math.Sqrt(others.Sum(o => (o - mean) * (o - mean)) / (others.Count - 1));
        return Math.Max(ranked, deviation > 0 ? TailBits((mean - nats) / deviation) : ranked);
    }

    // −log₂ of the normal distribution's upper tail: φ(z) · 4 / (3z + √(z² + 8)) (Sampford 1953), within 1 % from z = 1 on.
    private static double TailBits(double z) =>
        z <= 0 ? 0 : ((z * z / 2) + (Math.Log(2 * Math.PI) / 2) - Math.Log(4 / ((3 * z) + Math.Sqrt((z * z) + 8)))) / Math.Log(2);

    // The packer mixes the samples: the canary is known again by its tokens; which of the others is which does not matter.
    private static (double Own, List<double> Others) Losses(BatchLoss batches, int[] own, List<TrainingSample> samples)
    {
        double canary = double.NaN;
        List<double> others = [];
        foreach (PackedRow[] batch in Packer.Pack(samples, RowLength, pad: 0).Chunk(RowsAtOnce))
        {
            ReadOnlySpan<float> losses = batches.Losses(batch);
            int at = 0;
            foreach (PackedRow row in batch)
            {
                for (int start = 0, end; start < row.Ids.Length && row.FirstKeys[start] == start; start = end)
                {
                    double nats = 0;
                    for (end = start; end < row.Ids.Length && row.FirstKeys[end] == start; end++)
                        nats += row.Labels[end] == PackedRow.IgnoreIndex ? 0 : losses[at++];
                    int length = end - start;
                    if (length == own.Length && row.Ids.AsSpan(start, length).SequenceEqual(own))
                        canary = nats;
                    else if (row.Labels.AsSpan(start, length).ContainsAnyExcept(PackedRow.IgnoreIndex))
                        others.Add(nats);
                }
            }
        }

        return (canary, others);
    }
}
