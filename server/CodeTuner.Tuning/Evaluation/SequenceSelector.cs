using CodeTuner.Models;
using CodeTuner.Models.Tokenizers;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Tuning.Evaluation;

/// <summary>Cuts held-out code into sequences that a model can score.</summary>
public static class SequenceSelector
{
    private const int LeastCounted = 4;

    /// <summary>At most <paramref name="count"/> sequences of at most <paramref name="length"/> tokens, spread over the files.</summary>
    public static List<HeldOutSequence> Select(
        IReadOnlyList<HeldOutDocument> heldOut, Tokenizer tokenizer, FimFormat format, int length, int count, ulong seed = 11)
    {
        List<HeldOutSequence> sequences = [];
        foreach (HeldOutDocument held in heldOut)
        {
            foreach (TextSpan span in held.Spans)
                sequences.AddRange(Sequences(held, span, tokenizer, format, length));
        }

        new RandomSequence(seed).Shuffle(sequences);
        return sequences.Count > count ? sequences[..count] : sequences;
    }

    private static IEnumerable<HeldOutSequence> Sequences(HeldOutDocument held, TextSpan span, Tokenizer tokenizer, FimFormat format, int length)
    {
        string text = held.Document.Text;
        int[] header = format.FileSeparator is { } separator ? [separator, .. tokenizer.Encode(held.Document.Path + "\n")] : [format.EndOfText];
        if (header.Length > length / 4)
            header = [header[0]];
        int from = Math.Max(0, span.Start - (length * 8));
        if (from > 0 && char.IsLowSurrogate(text[from]))
            from++;
        int[] before = tokenizer.Encode(text[from..span.Start]);
        int[] target = tokenizer.Encode(text[span.Start..span.End]);
        int most = length / 2;
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
