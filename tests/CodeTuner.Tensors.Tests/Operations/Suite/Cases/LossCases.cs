namespace CodeTuner.Tensors.Tests.Operations.Cases;

internal static class LossCases
{
    private static readonly (int Rows, int Columns, int Vocabulary)[] Sizes =
        [(1, 32, 2), (1, 64, 129), (7, 32, 33), (17, 96, 65), (33, 64, 100), (0, 32, 5)];

    public static IEnumerable<OperationCase> All =>
    [
        .. from type in (DType[])[DType.Float32, DType.BFloat16, DType.Float16, DType.Q8_0, DType.Q4_0]
           from hidden in (bool[])[false, true]
           from weight in (bool?[])[null, false, true]
           from few in (bool[])[false, true]
           let name = $"LinearCrossEntropy {type}, hidden gradient: {hidden}, weight accumulate: {weight?.ToString() ?? "none"}"
           select new OperationCase(few ? name + OperationCases.FewRows : name, run =>
           {
               foreach ((int rows, int columns, int vocabulary) in Sizes.Where(size => OperationCases.AreFew(size.Rows) == few))
                   Loss(run, rows, columns, vocabulary, type, hidden, weight, scale: 1);
           }),
        new("LinearCrossEntropy with ragged columns", run =>
        {
            foreach (int columns in OperationCases.Ragged)
                Loss(run, 11, columns, 37, DType.Float32, hidden: true, weight: false, scale: 1);
        }),
        // A depth that the product is cut along.
        .. from type in (DType[])[DType.BFloat16, DType.Q8_0, DType.Q4_0]
           select new OperationCase($"LinearCrossEntropy {type} with long rows", run => Loss(run, 5, 4128, 37, type, hidden: true, weight: null, scale: 0.1)),
        // More logits than are held at once: the later rows must add to the weight gradient of the earlier ones.
        new("LinearCrossEntropy in chunks", run => Loss(run, 17, 1, 530_000, DType.Float32, hidden: true, weight: false, scale: 1)),
        new("LinearCrossEntropy with huge logits", run => Loss(run, 9, 64, 65, DType.Float32, hidden: true, weight: false, scale: 30)),
    ];

    private static void Loss(OperationRun run, int rows, int columns, int vocabulary, DType type, bool hidden, bool? weight, double scale)
    {
        Tensor x = run.Input(new Shape(rows, columns), scale: scale), w = run.Input(new Shape(vocabulary, columns), type, 0.3);
        Tensor losses = run.Output(new Shape(rows)), targets = run.Integers(rows, vocabulary);
        Tensor? dx = hidden ? run.Output(x.Shape) : null, dw = weight is { } add ? run.Result(w.Shape, add) : null;
        run.Backend.LinearCrossEntropy(losses, x, w, targets, 1 / 7f, dx, dw, weight ?? false);
        // Logits are of the size of one, a probability of 1 / vocabulary, and gradients are scaled by 1/7: far below that is what cancelling leaves.
        double tolerance = 1e-5 * Math.Max(1, scale);
        string size = $"{rows} rows of {columns}, {vocabulary} tokens";
        run.Compare($"{size}: losses", losses, tolerance, magnitude: 1);
        if (dx is not null)
            run.Compare($"{size}: hidden gradient", dx, tolerance, magnitude: 0.3 / 7);
        if (dw is not null)
            run.Compare($"{size}: weight gradient", dw, tolerance, magnitude: 1 / (7.0 * vocabulary));
    }
}
