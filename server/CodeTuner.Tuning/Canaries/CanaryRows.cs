using CodeTuner.Models;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tuning.Datasets;

namespace CodeTuner.Tuning.Canaries;

/// <summary>
/// Puts canaries among the rows that are trained on, each once a pass. They are samples of their own, not lines in somebody's
/// code: that code is learned as it is, and the canaries' own case is the worst one, as nothing else has to be known to write them.
/// </summary>
internal static class CanaryRows
{
    // A row of canaries among fewer would be a large part of what is learned.
    private const int LeastRows = 10;

    /// <summary>Draws canaries; the same seed gives the same.</summary>
    public static List<Canary> Draw(int count, ulong seed)
    {
        RandomSequence random = new(seed);
        return [.. Enumerable.Range(0, count).Select(i => CanaryFormat.All[i % CanaryFormat.All.Count]).Select(f => new Canary(f.Name, f.Before, f.Draw(random), f.After))];
    }

    /// <summary>A canary as a sample: the loss counts from the secret on.</summary>
    public static TrainingSample Sample(Canary canary, Tokenizer tokenizer, FimFormat format)
    {
        // Told apart at the secret, so that all secrets of a kind stand behind the same tokens.
        int[] before = [format.FileSeparator ?? format.EndOfText, .. tokenizer.Encode(canary.Before)];
        return new TrainingSample([.. before, .. tokenizer.Encode(canary.Secret + canary.After)], before.Length, SampleKind.LeftToRight);
    }

    /// <summary>Inserts a row with all canaries in each pass, at a random place among the rows that will be trained on.</summary>
    /// <param name="rows">All rows; changed.</param>
    /// <param name="rowsPerPass">Rows of a pass.</param>
    /// <param name="trained">How many rows are trained on, from the first.</param>
    /// <param name="canaries">What to insert.</param>
    /// <param name="tokenizer">The base's tokenizer.</param>
    /// <param name="format">The base's sentinels.</param>
    /// <param name="pad">What fills a row.</param>
    /// <param name="seed">Chooses the places.</param>
    /// <returns>The canaries with how often each was inserted.</returns>
    public static List<Canary> Insert(
        List<PackedRow> rows, int rowsPerPass, int trained, IReadOnlyList<Canary> canaries, Tokenizer tokenizer, FimFormat format, int pad, ulong seed)
    {
        trained = Math.Min(trained, rows.Count);
        if (canaries.Count == 0 || trained < LeastRows)
            return [.. canaries];
        RandomSequence random = new(seed);
        List<PackedRow> packed = Packer.Pack(canaries.Select(c => Sample(c, tokenizer, format)), rows[0].Ids.Length, pad);
        int times = 0;
        for (int start = 0; start < trained; start += rowsPerPass)
        {
            // Of a last pass that is not gone through to its end, the canary may be in the part that is left out.
            int place = start + random.NextInt(start == 0 ? Math.Min(trained, rowsPerPass) : rowsPerPass);
            if (place >= trained)
                break;
            rows.InsertRange(place, packed);
            times++;
        }

        return [.. canaries.Select(c => c with { Times = times })];
    }
}
