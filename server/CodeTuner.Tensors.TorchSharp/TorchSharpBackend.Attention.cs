namespace CodeTuner.Tensors.TorchSharp;

public sealed partial class TorchSharpBackend
{
    /// <inheritdoc/>
    public override void Rotary(Tensor into, Tensor x, Tensor positions, Tensor table, int headSize, bool inverse = false, bool accumulate = false)
    {
        OperationChecks.Rotary(into, x, positions, table, headSize);
        TorchSharpTensor rows = Of(positions);
        OperationChecks.InRange(rows.Integers, table.Shape.Rows, "position");
        Do(() =>
        {
            int half = headSize / 2;
            TorchTensor angles = Values(table).index_select(0, rows.Value).unsqueeze(1); // (R, 1, D)
            TorchTensor cos = angles.narrow(2, 0, half), sin = angles.narrow(2, half, half); // (R, 1, D/2)
            if (inverse)
                sin = sin.neg();
            TorchTensor heads = Values(x).view(Of(x).Rows, Of(x).Columns / headSize, headSize); // (R, H, D)
            TorchTensor first = heads.narrow(2, 0, half), second = heads.narrow(2, half, half); // (R, H, D/2)
            TorchTensor turned = torch.cat([first.mul(cos).sub_(second.mul(sin)), second.mul(cos).add_(first.mul(sin))], 2); // (R, H, D)
            Store(into, turned, accumulate);
        });
    }

    /// <inheritdoc/>
    public override void Attention(Tensor into, Tensor logSumExp, Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape)
    {
        OperationChecks.Attention(into, logSumExp, query, key, value, firstKey, shape);
        CheckFirstKeys(firstKey, shape);
        Do(() =>
        {
            AttentionBlocks blocks = new(shape, FirstKeys(firstKey), device);
            TorchTensor q = blocks.Queries(Values(query)), k = blocks.Keys(Values(key)), v = blocks.Keys(Values(value));
            TorchTensor output = torch.empty_like(q); // (B, Hkv, G, T, D)
            TorchTensor logSums = torch.empty([shape.Batch, shape.KeyValueHeads, shape.Group, shape.Queries, 1], torch.ScalarType.Float32, device);
            foreach ((int first, int count) in blocks.All)
            {
                using DisposeScope temporaries = torch.NewDisposeScope();
                int seen = shape.Offset + first + count;
                TorchTensor scores = blocks.Scores(q, k, first, count); // (B, Hkv, G, t, s)
                TorchTensor sums = scores.logsumexp(4, keepdim: true); // (B, Hkv, G, t, 1)
                TorchTensor p = blocks.Fold(scores.sub_(sums).exp_()); // (B·Hkv, G·t, s)
                TorchTensor mixed = p.bmm(v.narrow(1, 0, seen)); // (B·Hkv, G·t, D)
                output.narrow(3, first, count).copy_(blocks.Unfold(mixed, count));
                logSums.narrow(3, first, count).copy_(sums);
            }

            Store(into, blocks.Rows(output));
            Store(logSumExp, blocks.Rows(logSums));
        });
    }

    /// <inheritdoc/>
    public override void AttentionBackward(
        Tensor queryGradient, Tensor keyGradient, Tensor valueGradient,
        Tensor outputGradient, Tensor output, Tensor logSumExp,
        Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape)
    {
        OperationChecks.AttentionBackward(
            queryGradient, keyGradient, valueGradient, outputGradient, output, logSumExp, query, key, value, firstKey, shape);
        CheckFirstKeys(firstKey, shape);
        Do(() =>
        {
            AttentionBlocks blocks = new(shape, FirstKeys(firstKey), device);
            TorchTensor q = blocks.Queries(Values(query)), k = blocks.Keys(Values(key)), v = blocks.Keys(Values(value));
            TorchTensor dy = blocks.Queries(Values(outputGradient)), logSums = blocks.Queries(Values(logSumExp)); // … , (B, Hkv, G, T, 1)

            // The softmax's own part: Σ over keys of p · (dy · v) is dy · y.
            TorchTensor along = dy.mul(blocks.Queries(Values(output))).sum([4], keepdim: true); // (B, Hkv, G, T, 1)
            TorchTensor dq = torch.empty_like(q), dk = torch.zeros_like(k), dv = torch.zeros_like(v);
            foreach ((int first, int count) in blocks.All)
            {
                using DisposeScope temporaries = torch.NewDisposeScope();
                int seen = shape.Offset + first + count;
                TorchTensor kSeen = k.narrow(1, 0, seen), vSeen = v.narrow(1, 0, seen); // (B·Hkv, s, D)
                TorchTensor dyHere = blocks.Fold(dy.narrow(3, first, count)), qHere = blocks.Fold(q.narrow(3, first, count)); // (B·Hkv, G·t, D)
                TorchTensor p = blocks.Fold(blocks.Scores(q, k, first, count).sub_(logSums.narrow(3, first, count)).exp_()); // (B·Hkv, G·t, s)
                dv.narrow(1, 0, seen).add_(p.transpose(1, 2).bmm(dyHere));
                TorchTensor scoreGradient = dyHere.bmm(vSeen.transpose(1, 2)).sub_(blocks.Fold(along.narrow(3, first, count))).mul_(p).mul_(shape.Scale);
                dq.narrow(3, first, count).copy_(blocks.Unfold(scoreGradient.bmm(kSeen), count));
                dk.narrow(1, 0, seen).add_(scoreGradient.transpose(1, 2).bmm(qHere));
            }

            Store(queryGradient, blocks.Rows(dq));
            Store(keyGradient, blocks.KeyRows(dk, Of(key).Rows));
            Store(valueGradient, blocks.KeyRows(dv, Of(value).Rows));
        });
    }

    private static void CheckFirstKeys(Tensor? firstKey, AttentionShape shape)
    {
        if (firstKey is not null)
            OperationChecks.FirstKeys(Of(firstKey).Integers, shape);
    }

    private static TorchTensor? FirstKeys(Tensor? firstKey) => firstKey is null ? null : Of(firstKey).Value;
}
