using CodeTuner.Models.Architectures;
using CodeTuner.Tensors.Autograd;
using CodeTuner.Tuning.Datasets;

namespace CodeTuner.Tuning.Trainer;

/// <summary>The loss of packed rows under a decoder, with or without gradients.</summary>
/// <param name="decoder">The model.</param>
/// <param name="tape">Records; the loss resets it.</param>
/// <param name="checkpointing">Whether the blocks are computed again for the gradients, to save memory.</param>
internal sealed class BatchLoss(Decoder decoder, Tape tape, bool checkpointing = false)
{
    private readonly List<int> ids = [], positions = [], firstKeys = [], rows = [], targets = [];
    private float[] losses = [];

    /// <summary>Adds the gradients of weight · mean loss to the parameters'; gives the mean loss over the counted positions.</summary>
    /// <param name="batch">Rows of one length.</param>
    /// <param name="weight">Such as 1 / micro-batches of a step.</param>
    /// <param name="dropout">Probability of dropping an element.</param>
    /// <param name="seed">Seed of the dropout masks.</param>
    public double Train(IReadOnlyList<PackedRow> batch, double weight, double dropout, ulong seed)
    {
        tape.IsRecording = true;
        tape.IsTraining = true;
        tape.DropoutSeed = seed;
        try
        {
            (double sum, int counted) = Forward(batch, weight, (float)dropout);
            if (counted > 0)
                tape.Backward();
            return counted == 0 ? 0 : sum / counted;
        }
        finally
        {
            tape.Reset();
        }
    }

    /// <summary>Σ loss over the counted positions, and their number.</summary>
    public (double Sum, int Counted) Evaluate(IReadOnlyList<PackedRow> batch)
    {
        tape.IsRecording = false;
        tape.IsTraining = false;
        try
        {
            return Forward(batch, 1, 0);
        }
        finally
        {
            tape.Reset();
        }
    }

    /// <summary>The loss at each counted position, row by row; valid until the next call.</summary>
    public ReadOnlySpan<float> Losses(IReadOnlyList<PackedRow> batch)
    {
        int counted = Evaluate(batch).Counted;
        return losses.AsSpan(0, counted);
    }

    private (double Sum, int Counted) Forward(IReadOnlyList<PackedRow> batch, double weight, float dropout)
    {
        Gather(batch);
        int counted = targets.Count;
        if (counted == 0)
            return (0, 0);
        int length = batch[0].Ids.Length;
        DecoderInput input = new(
            tape.Integers(Span(ids)), tape.Integers(Span(positions)), tape.Integers(Span(firstKeys)), batch.Count, length);
        Variable hidden = decoder.Forward(tape, input, dropout: dropout, checkpointing: checkpointing); // (B·T, C)

        // Only the positions that count go through the output layer: most of a fill-in-the-middle row does not.
        Variable selected = tape.Gather(hidden, tape.Integers(Span(rows))); // (N, C)
        Variable loss = tape.LinearCrossEntropy(selected, decoder.OutputWeight, tape.Integers(Span(targets)), (float)(weight / counted));
        if (losses.Length < counted)
            losses = new float[counted * 2];
        tape.Backend.Read(loss.Value, losses.AsSpan(0, counted));
        double sum = 0;
        for (int i = 0; i < counted; i++)
            sum += losses[i];
        return (sum, counted);
    }

    private void Gather(IReadOnlyList<PackedRow> batch)
    {
        ids.Clear();
        positions.Clear();
        firstKeys.Clear();
        rows.Clear();
        targets.Clear();
        foreach (PackedRow row in batch)
        {
            int start = ids.Count;
            for (int i = 0; i < row.Ids.Length; i++)
            {
                ids.Add(row.Ids[i]);
                firstKeys.Add(row.FirstKeys[i]);
                positions.Add(i - row.FirstKeys[i]);
                if (row.Labels[i] == PackedRow.IgnoreIndex)
                    continue;
                rows.Add(start + i);
                targets.Add(row.Labels[i]);
            }
        }
    }

    private static Span<int> Span(List<int> list) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list);
}
