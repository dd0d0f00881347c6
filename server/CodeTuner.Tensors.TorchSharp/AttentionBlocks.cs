namespace CodeTuner.Tensors.TorchSharp;

/// <summary>
/// Cuts attention into blocks of queries, so that the scores of all pairs are never held at once, and lays operands
/// out so that the G query heads of a key head are rows of one product: keys are never repeated.
/// </summary>
/// <param name="shape">The sizes.</param>
/// <param name="firstKey">(B·T) int64: the first key of its sequence that each query sees; null means 0.</param>
/// <param name="device">Where masks are made.</param>
internal sealed class AttentionBlocks(AttentionShape shape, TorchTensor? firstKey, torch.Device device)
{
    // The scores of one block: 64 MiB.
    private const long ScoresLimit = 16 << 20;

    /// <summary>The first query of each block, and how many are in it.</summary>
    public IEnumerable<(int First, int Count)> All
    {
        get
        {
            int perBlock = (int)Math.Clamp(ScoresLimit / ((long)shape.Batch * shape.QueryHeads * shape.Keys), 1, shape.Queries);
            for (int first = 0; first < shape.Queries; first += perBlock)
                yield return (first, Math.Min(perBlock, shape.Queries - first));
        }
    }

    /// <summary>(B, Hkv, G, T, n) of (B·T, Hq·n).</summary>
    public TorchTensor Queries(TorchTensor rows) =>
        rows.view(shape.Batch, shape.Queries, shape.KeyValueHeads, shape.Group, -1).permute(0, 2, 3, 1, 4);

    /// <summary>(B·T, Hq·n) of (B, Hkv, G, T, n).</summary>
    public TorchTensor Rows(TorchTensor queries) => queries.permute(0, 3, 1, 2, 4).reshape(shape.Batch * shape.Queries, -1);

    /// <summary>(B·Hkv, S, D) of (B·S, Hkv·D), without the rows behind.</summary>
    public TorchTensor Keys(TorchTensor rows) =>
        rows.narrow(0, 0, (long)shape.Batch * shape.Keys).view(shape.Batch, shape.Keys, shape.KeyValueHeads, shape.HeadSize)
            .permute(0, 2, 1, 3).reshape((long)shape.Batch * shape.KeyValueHeads, shape.Keys, shape.HeadSize);

    /// <summary>(rows, Hkv·D) of (B·Hkv, S, D), with zeros in the rows behind.</summary>
    public TorchTensor KeyRows(TorchTensor keys, int rows)
    {
        TorchTensor own = keys.view(shape.Batch, shape.KeyValueHeads, shape.Keys, shape.HeadSize).permute(0, 2, 1, 3)
            .reshape((long)shape.Batch * shape.Keys, (long)shape.KeyValueHeads * shape.HeadSize);
        return rows == own.size(0) ? own : torch.cat([own, torch.zeros(rows - own.size(0), own.size(1), torch.ScalarType.Float32, device)], 0);
    }

    /// <summary>(B·Hkv, G·t, n) of (B, Hkv, G, t, n).</summary>
    public TorchTensor Fold(TorchTensor block) => block.reshape((long)shape.Batch * shape.KeyValueHeads, -1, block.size(4));

    /// <summary>(B, Hkv, G, t, n) of (B·Hkv, G·t, n).</summary>
    public TorchTensor Unfold(TorchTensor block, int count) => block.view(shape.Batch, shape.KeyValueHeads, shape.Group, count, -1);

    /// <summary>The scaled scores (B, Hkv, G, t, s) of a block's queries with all keys up to the block's end; −∞ where a query does not see one.</summary>
    public TorchTensor Scores(TorchTensor queries, TorchTensor keys, int first, int count)
    {
        int seen = shape.Offset + first + count;
        TorchTensor scores = Unfold(Fold(queries.narrow(3, first, count)).bmm(keys.narrow(1, 0, seen).transpose(1, 2)).mul_(shape.Scale), count);
        if (count == 1 && firstKey is null)
            return scores;
        TorchTensor position = torch.arange(0, seen, torch.ScalarType.Int64, device); // (s)
        TorchTensor last = torch.arange(shape.Offset + first, seen, torch.ScalarType.Int64, device).unsqueeze(1); // (t, 1)
        TorchTensor hidden = position.gt(last); // (t, s)
        if (firstKey is not null)
        {
            TorchTensor from = firstKey.view(shape.Batch, 1, 1, shape.Queries, 1).narrow(3, first, count); // (B, 1, 1, t, 1)
            hidden = position.lt(from).logical_or(hidden); // (B, 1, 1, t, s)
        }

        return scores.masked_fill_(hidden, float.NegativeInfinity);
    }
}
