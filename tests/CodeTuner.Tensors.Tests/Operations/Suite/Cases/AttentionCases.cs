namespace CodeTuner.Tensors.Tests.Operations.Cases;

internal static class AttentionCases
{
    private static readonly (string Name, AttentionShape Shape)[] Shapes =
    [
        ("one token", Of(1, 1, 1, 1, 1, 16)),
        ("short", Of(1, 7, 7, 2, 2, 16)),
        ("head of 40", Of(2, 17, 17, 3, 1, 40)),
        ("head of 64, grouped", Of(2, 33, 33, 6, 2, 64)),
        ("head of 128", Of(1, 65, 65, 2, 1, 128)),
        ("head of 5", Of(1, 19, 19, 2, 1, 5)),
        ("several query blocks", Of(1, 131, 131, 2, 1, 16)),
        ("several key blocks", Of(2, 100, 300, 2, 2, 16)),
        ("decoding", Of(1, 1, 129, 9, 3, 64)),
        ("decoding in a batch", Of(3, 1, 33, 4, 2, 40)),
        ("a few cached", Of(1, 3, 31, 4, 1, 16)),
        ("as many as go direct", Of(2, 4, 65, 2, 1, 16)),
        ("one more than go direct", Of(2, 5, 65, 2, 1, 16)),
        ("prompt after a prefix", Of(1, 63, 200, 4, 2, 40)),
    ];

    public static IEnumerable<OperationCase> All =>
    [
        .. from shape in Shapes
           from segments in (bool[])[false, true]
           select new OperationCase($"Attention {shape.Name}{(segments ? ", in segments" : "")}", run =>
           {
               foreach ((double scale, string size) in ((double, string)[])[(1, "plain"), (4, "sharp")])
                   ForwardAndBackward(run, shape.Shape, segments, scale, size, segments ? 1 : 0);
           }),

        // A KV cache is longer than what is in it: its other rows hold whatever they hold.
        new("Attention with spare key rows", run =>
        {
            foreach (AttentionShape shape in (AttentionShape[])[Of(1, 1, 20, 4, 2, 16), Of(1, 9, 20, 4, 2, 16), Of(1, 70, 140, 2, 1, 16)])
            {
                Operands operands = new(run, shape, 1, spareRows: 50);
                operands.Forward(run, null, shape, $"{shape}");
            }
        }),

        // Scores far from zero: exp must be taken of differences only.
        new("Attention with huge scores", run =>
        {
            foreach (AttentionShape shape in (AttentionShape[])[Of(1, 1, 20, 2, 1, 16), Of(1, 40, 40, 2, 1, 16)])
            {
                Operands operands = new(run, shape, 30, spareRows: 0);
                operands.Forward(run, null, shape, $"{shape}", tolerance: 2e-3);
            }
        }),
    ];

    private static AttentionShape Of(int batch, int queries, int keys, int queryHeads, int keyValueHeads, int headSize) =>
        new(batch, queries, keys, queryHeads, keyValueHeads, headSize, 1 / MathF.Sqrt(headSize));

    private static void ForwardAndBackward(OperationRun run, AttentionShape shape, bool segments, double scale, string size, int seed)
    {
        Operands operands = new(run, shape, scale, spareRows: 0);
        Tensor? firstKey = segments ? run.Integers(Segments(shape, seed)) : null;
        (Tensor output, Tensor logSumExp) = operands.Forward(run, firstKey, shape, size, tolerance: 1e-5 * scale * scale);
        Tensor dy = run.Input(operands.Query.Shape);
        Tensor dq = run.Output(operands.Query.Shape), dk = run.Output(operands.Key.Shape), dv = run.Output(operands.Value.Shape);
        run.Backend.AttentionBackward(dq, dk, dv, dy, output, logSumExp, operands.Query, operands.Key, operands.Value, firstKey, shape);

        // A query that sees itself alone has no score gradient: what is left is rounding, far below the values' own size.
        if (shape.Keys > 1)
        {
            run.Compare($"{size} dq", dq, 1e-5 * scale * scale);
            run.Compare($"{size} dk", dk, 1e-5 * scale * scale);
        }

        run.Compare($"{size} dv", dv, 1e-5 * scale * scale);
    }

    /// <summary>Sequences packed behind each other: now and then a new one starts, and some queries see themselves alone.</summary>
    private static int[] Segments(AttentionShape shape, int seed)
    {
        Random random = new(seed);
        List<int> first = [];
        for (int batch = 0; batch < shape.Batch; batch++)
        {
            int start = random.Next(shape.Offset + 1);
            for (int query = 0; query < shape.Queries; query++)
            {
                if (random.Next(12) == 0)
                    start = shape.Offset + query;
                first.Add(start);
            }
        }

        return [.. first];
    }

    private sealed class Operands(OperationRun run, AttentionShape shape, double scale, int spareRows)
    {
        public Tensor Query { get; } = run.Input(new Shape(shape.Batch * shape.Queries, shape.QueryHeads * shape.HeadSize), scale: scale);

        public Tensor Key { get; } = run.Input(new Shape((shape.Batch * shape.Keys) + spareRows, shape.KeyValueHeads * shape.HeadSize), scale: scale);

        public Tensor Value { get; } = run.Input(new Shape((shape.Batch * shape.Keys) + spareRows, shape.KeyValueHeads * shape.HeadSize));

        public (Tensor Output, Tensor LogSumExp) Forward(OperationRun run, Tensor? firstKey, AttentionShape shape, string name, double tolerance = 1e-5)
        {
            Tensor output = run.Output(Query.Shape), logSumExp = run.Output(new Shape(shape.Batch * shape.Queries, shape.QueryHeads));
            run.Backend.Attention(output, logSumExp, Query, Key, Value, firstKey, shape);
            run.Compare($"{name} output", output, tolerance);
            run.Compare($"{name} log-sum-exp", logSumExp, 1e-5);
            return (output, logSumExp);
        }
    }
}
