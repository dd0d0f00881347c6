using CodeTuner.Models;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Tuning.Evaluation;

/// <summary>Cuts held-out code into sequences that a model can score.</summary>
public static class SequenceSelector
{
    private const int LeastCounted = 4;

    // So many sequences are wanted of a little code too: an interval needs some to be drawn from.
    private const int Wanted = 32;
    private const int ShortestChunk = 24;

    /// <summary>At most <paramref name="count"/> sequences of at most <paramref name="length"/> tokens, spread over the files.</summary>
    public static List<HeldOutSequence> Select(
        IReadOnlyList<HeldOutDocument> heldOut, Tokenizer tokenizer, FimFormat format, int length, int count, ulong seed = 11)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 8);
        int[][][] targets = [.. heldOut.Select(h => h.Spans.Select(s => tokenizer.Encode(h.Document.Text[s.Start..s.End])).ToArray())];
        int chunk = Math.Clamp(targets.Sum(t => t.Sum(s => s.Length)) / Wanted, Math.Min(ShortestChunk, length / 2), length / 2);
        RandomSequence random = new(seed);
        List<List<HeldOutSequence>> byFile = [];
        for (int i = 0; i < heldOut.Count; i++)
        {
            List<HeldOutSequence> own = [];
            for (int s = 0; s < targets[i].Length; s++)
                own.AddRange(Sequences(heldOut[i], heldOut[i].Spans[s], targets[i][s], tokenizer, format, length, chunk));
            random.Shuffle(own);
            byFile.Add(own);
        }

        return FileSpread.Choose(byFile, count, random);
    }

    /// <summary>
    /// Parts the sequences: a quarter to choose the best checkpoint by, the others to measure it on. What a checkpoint was chosen by
    /// flatters it. Where there are fewer than four both are the same.
    /// </summary>
    public static (List<HeldOutSequence> Validation, List<HeldOutSequence> Test) Part(IReadOnlyList<HeldOutSequence> sequences)
    {
        const int Every = 4;
        return sequences.Count < Every
            ? ([.. sequences], [.. sequences])
            : ([.. sequences.Where((_, i) => i % Every == Every - 1)], [.. sequences.Where((_, i) => i % Every != Every - 1)]);
    }

    private static IEnumerable<HeldOutSequence> Sequences(
        HeldOutDocument held, TextSpan span, int[] target, Tokenizer tokenizer, FimFormat format, int length, int most)
    {
        string text = held.Document.Text;
        int[] header = format.FileSeparator is { } separator ? [separator, .. tokenizer.Encode(held.Document.Path + "\n")] : [format.EndOfText];
        if (header.Length > length / 4)
            header = [header[0]];
        int from = Math.Max(0, span.Start - (length * 8));
        if (from > 0 && char.IsLowSurrogate(text[from]))
            from++;
        int[] before = tokenizer.Encode(text[from..span.Start]);
        for (int at = 0; at < target.Length; at += most)
        {
            int counted = Math.Min(most, target.Length - at);
            if (counted < LeastCounted)
                break;
            int room = length - header.Length - counted;
            ReadOnlySpan<int> context = (int[])[.. before, .. target.AsSpan(0, at)];
            int[] ids = [.. header, .. context[Math.Max(0, context.Length - room)..], .. target.AsSpan(at, counted)];
            int bytes = 0;
            foreach (int id in target.AsSpan(at, counted))
                bytes += tokenizer.Bytes(id).Length;
            yield return new HeldOutSequence(held.Document.Path, ids, ids.Length - counted, bytes);
        }
    }
}
