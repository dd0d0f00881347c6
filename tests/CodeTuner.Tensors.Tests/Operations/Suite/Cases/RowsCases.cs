namespace CodeTuner.Tensors.Tests.Operations.Cases;

internal static class RowsCases
{
    public static IEnumerable<OperationCase> All =>
    [
        .. from type in (DType[])[DType.Float32, DType.BFloat16, DType.Float16, DType.Q8_0, DType.Q4_0]
           select new OperationCase($"Gather {type}", run =>
           {
               foreach (int columns in type.IsQuantised() ? [32, 64, 96, 576] : OperationCases.Ragged)
               {
                   foreach (int count in (int[])[0, 1, 3, 65])
                   {
                       Tensor to = run.Output(new Shape(count, columns));
                       run.Backend.Gather(to, run.Input(new Shape(29, columns), type), run.Integers(count, 29));
                       run.Compare($"{count} of {columns}", to, 0);
                   }
               }
           }),
        new("ScatterAdd", run =>
        {
            foreach (int columns in OperationCases.Ragged)
            {
                // Few places, so that rows meet; and places that nobody meets keep what they hold.
                foreach ((int count, int places) in ((int, int)[])[(0, 3), (1, 5), (40, 3), (65, 200)])
                {
                    Tensor to = run.Updated(new Shape(places, columns));
                    run.Backend.ScatterAdd(to, run.Input(new Shape(count, columns)), run.Integers(count, places));
                    run.Compare($"{count} into {places} of {columns}", to, 5e-6);
                }
            }
        }),
    ];
}
