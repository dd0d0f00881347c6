namespace CodeTuner.Tensors.Tests.Operations.Cases;

internal static class RotaryCases
{
    public static IEnumerable<OperationCase> All =>
        from inverse in (bool[])[false, true]
        from accumulate in (bool[])[false, true]
        from inPlace in (bool[])[false, true]
        where !(accumulate && inPlace)
        select new OperationCase($"Rotary inverse: {inverse}, accumulate: {accumulate}, in place: {inPlace}", run =>
        {
            foreach (int headSize in (int[])[2, 6, 16, 34, 40, 64, 128])
            {
                foreach ((int rows, int heads) in ((int, int)[])[(1, 1), (1, 9), (7, 3), (33, 2)])
                {
                    Shape shape = new(rows, heads * headSize);
                    Tensor x = inPlace ? run.Updated(shape) : run.Input(shape);
                    Tensor to = inPlace ? x : run.Result(shape, accumulate);
                    Tensor table = run.Input(new Shape(50, headSize));
                    run.Backend.Rotary(to, x, run.Integers(rows, 50), table, headSize, inverse, accumulate);
                    run.Compare($"{rows} rows of {heads} heads of {headSize}", to);
                }
            }
        });
}
