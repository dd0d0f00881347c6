namespace CodeTuner.Tensors.Tests.Operations.Cases;

internal static class OptimizerCases
{
    private static readonly int[] Lengths = [.. OperationCases.Ragged, 70001];

    public static IEnumerable<OperationCase> All =>
    [
        .. from accumulate in (bool[])[false, true]
           select new OperationCase($"SumOfSquares accumulate: {accumulate}", run =>
           {
               foreach (int length in (int[])[0, .. Lengths])
               {
                   Tensor to = run.Result(new Shape(1), accumulate);
                   run.Backend.SumOfSquares(to, run.Input(new Shape(length)), accumulate);
                   if (length > 0 || accumulate)
                       run.Compare($"{length}", to);
                   else
                       run.Compare("0", to, 0);
               }
           }),
        .. from decay in (float[])[0, 0.1f]
           select new OperationCase($"AdamW decay {decay}", run =>
           {
               foreach (int length in Lengths)
               {
                   Shape shape = new(length);
                   Tensor parameter = run.Updated(shape), m = run.Zeros(shape), v = run.Zeros(shape);
                   for (int step = 1; step <= 3; step++)
                       run.Backend.AdamW(parameter, run.Input(shape), m, v, new AdamWStep(1e-2f, 0.9f, 0.95f, 1e-8f, decay, step, 0.5f));
                   run.Compare($"{length} parameter", parameter, 2e-5);
                   run.Compare($"{length} m", m, 5e-6);
                   run.Compare($"{length} v", v, 5e-6);
               }
           }),
        new("AdamW with no gradient", run =>
        {
            // 0 / (0 + ε): the parameter only decays.
            Shape shape = new(33);
            Tensor parameter = run.Updated(shape), m = run.Zeros(shape), v = run.Zeros(shape);
            run.Backend.AdamW(parameter, run.Input(shape, scale: 0), m, v, new AdamWStep(1e-2f, 0.9f, 0.95f, 1e-8f, 0.1f, 1, 1));
            run.Compare("parameter", parameter);
        }),
    ];
}
