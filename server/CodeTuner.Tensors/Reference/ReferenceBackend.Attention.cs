namespace CodeTuner.Tensors.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void Rotary(Tensor into, Tensor x, Tensor positions, Tensor table, int headSize, bool inverse = false, bool accumulate = false)
    {
        OperationChecks.Rotary(into, x, positions, table, headSize);
        int[] rows = Of(positions).Integers;
        OperationChecks.InRange(rows, table.Shape.Rows, "position");
        double[] to = Doubles(into), from = Doubles(x), angles = Doubles(table);
        int columns = x.Shape.Columns, half = headSize / 2;
        for (int r = 0; r < rows.Length; r++)
        {
            for (int head = 0; head < columns / headSize; head++)
            {
                for (int i = 0; i < half; i++)
                {
                    double cos = angles[(rows[r] * headSize) + i];
                    double sin = angles[(rows[r] * headSize) + half + i] * (inverse ? -1 : 1);
                    int first = (r * columns) + (head * headSize) + i, second = first + half;
                    double a = (from[first] * cos) - (from[second] * sin);
                    double b = (from[second] * cos) + (from[first] * sin);
                    to[first] = (accumulate ? to[first] : 0) + a;
                    to[second] = (accumulate ? to[second] : 0) + b;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Attention(Tensor into, Tensor logSumExp, Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape)
    {
        OperationChecks.Attention(into, logSumExp, query, key, value, firstKey, shape);
        int[] first = FirstKeys(firstKey, shape);
        double[] output = Doubles(into), logSums = Doubles(logSumExp), q = Doubles(query), k = Doubles(key), v = Doubles(value);
        foreach ((int Row, int Batch, int Query, int Head) at in QueryHeads(shape))
        {
            int last = shape.Offset + at.Query, count = last - first[at.Row] + 1;
            double[] scores = new double[count];
            for (int i = 0; i < count; i++)
                scores[i] = Score(q, k, at.Row, KeyRow(shape, at.Batch, first[at.Row] + i), at.Head, shape);
            double max = scores.Max();
            double logSum = max + Math.Log(scores.Sum(score => Math.Exp(score - max)));
            logSums[(at.Row * shape.QueryHeads) + at.Head] = logSum;
            for (int d = 0; d < shape.HeadSize; d++)
            {
                double sum = 0;
                for (int i = 0; i < count; i++)
                    sum += Math.Exp(scores[i] - logSum) * v[KeyElement(shape, KeyRow(shape, at.Batch, first[at.Row] + i), at.Head) + d];
                output[QueryElement(shape, at.Row, at.Head) + d] = sum;
            }
        }
    }

    /// <inheritdoc/>
    public override void AttentionBackward(
        Tensor queryGradient, Tensor keyGradient, Tensor valueGradient,
        Tensor outputGradient, Tensor output, Tensor logSumExp,
        Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape)
    {
        OperationChecks.AttentionBackward(
            queryGradient, keyGradient, valueGradient, outputGradient, output, logSumExp, query, key, value, firstKey, shape);
        int[] first = FirstKeys(firstKey, shape);
        double[] dq = Cleared(queryGradient, false)!, dk = Cleared(keyGradient, false)!, dv = Cleared(valueGradient, false)!;
        double[] dy = Doubles(outputGradient), y = Doubles(output), logSums = Doubles(logSumExp);
        double[] q = Doubles(query), k = Doubles(key), v = Doubles(value);
        foreach ((int Row, int Batch, int Query, int Head) at in QueryHeads(shape))
        {
            int here = QueryElement(shape, at.Row, at.Head);

            // The softmax's own part: Σ over keys of p · (dy · v) is dy · y.
            double along = 0;
            for (int d = 0; d < shape.HeadSize; d++)
                along += dy[here + d] * y[here + d];
            for (int position = first[at.Row]; position <= shape.Offset + at.Query; position++)
            {
                int keyRow = KeyRow(shape, at.Batch, position), there = KeyElement(shape, keyRow, at.Head);
                double p = Math.Exp(Score(q, k, at.Row, keyRow, at.Head, shape) - logSums[(at.Row * shape.QueryHeads) + at.Head]);
                double towards = 0;
                for (int d = 0; d < shape.HeadSize; d++)
                    towards += dy[here + d] * v[there + d];
                double scoreGradient = p * (towards - along);
                for (int d = 0; d < shape.HeadSize; d++)
                {
                    dq[here + d] += shape.Scale * scoreGradient * k[there + d];
                    dk[there + d] += shape.Scale * scoreGradient * q[here + d];
                    dv[there + d] += p * dy[here + d];
                }
            }
        }
    }

    /// <summary>Each head of each query: its row among all queries, its sequence, its place there, the head.</summary>
    private static IEnumerable<(int Row, int Batch, int Query, int Head)> QueryHeads(AttentionShape shape) =>
        from batch in Enumerable.Range(0, shape.Batch)
        from query in Enumerable.Range(0, shape.Queries)
        from head in Enumerable.Range(0, shape.QueryHeads)
        select ((batch * shape.Queries) + query, batch, query, head);

    private static int[] FirstKeys(Tensor? firstKey, AttentionShape shape)
    {
        if (firstKey is null)
            return new int[shape.Batch * shape.Queries];
        int[] first = Of(firstKey).Integers;
        OperationChecks.FirstKeys(first, shape);
        return first;
    }

    private static int KeyRow(AttentionShape shape, int batch, int position) => (batch * shape.Keys) + position;

    private static int QueryElement(AttentionShape shape, int row, int head) => ((row * shape.QueryHeads) + head) * shape.HeadSize;

    /// <summary>Where a key row holds the head that <paramref name="queryHead"/> reads.</summary>
    private static int KeyElement(AttentionShape shape, int row, int queryHead) =>
        ((row * shape.KeyValueHeads) + (queryHead / shape.Group)) * shape.HeadSize;

    private static double Score(double[] q, double[] k, int queryRow, int keyRow, int head, AttentionShape shape)
    {
        int here = QueryElement(shape, queryRow, head), there = KeyElement(shape, keyRow, head);
        double dot = 0;
        for (int d = 0; d < shape.HeadSize; d++)
            dot += q[here + d] * k[there + d];
        return shape.Scale * dot;
    }
}
