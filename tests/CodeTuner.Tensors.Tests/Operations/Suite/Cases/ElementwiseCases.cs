namespace CodeTuner.Tensors.Tests.Operations.Cases;

internal static class ElementwiseCases
{
    // A long one, so that it is cut into several tiles.
    private static readonly Shape[] Shapes =
    [
        .. OperationCases.Ragged.Select(n => new Shape(n)), new Shape(3, 17), new Shape(2, 3, 5), new Shape(2, 2, 3, 33), new Shape(0, 8),
        new Shape(70001),
    ];

    private static readonly DType[] FloatTypes = [DType.Float32, DType.BFloat16, DType.Float16, DType.Q8_0, DType.Q4_0];

    public static IEnumerable<OperationCase> All =>
    [
        new("Fill", run =>
        {
            foreach (Shape shape in Shapes)
            {
                Tensor to = run.Output(shape);
                run.Backend.Fill(to, -0.3f);
                run.Compare($"{shape}", to, 0);
            }
        }),
        .. from target in FloatTypes
           from source in FloatTypes
           select new OperationCase($"Copy {source} to {target}", run =>
           {
               // Rows longer than what is converted in one piece are among them.
               foreach (Shape shape in (Shape[])[new Shape(32), new Shape(5, 64), new Shape(2, 3, 96), new Shape(3, 1056)])
               {
                   Tensor to = run.Allocate(shape, target);
                   run.Backend.Copy(to, run.Input(shape, source));
                   run.Compare($"{shape}", to, 0);
               }

               if (target.IsQuantised() || source.IsQuantised())
                   return;
               foreach (Shape shape in Shapes.SkipLast(1))
               {
                   Tensor to = run.Allocate(shape, target);
                   run.Backend.Copy(to, run.Input(shape, source));
                   run.Compare($"{shape}", to, 0);
               }
           }),
        new("Copy integers", run =>
        {
            Tensor to = run.Allocate(new Shape(33), DType.Int32);
            run.Backend.Copy(to, run.Integers(33, 1000));
            run.Compare("integers", to, 0);
        }),
        .. from type in FloatTypes
           select new OperationCase($"CopyRows {type}", run =>
           {
               foreach ((int all, int first, int count, int columns) in ((int, int, int, int)[])[(5, 0, 5, 32), (9, 3, 1, 64), (9, 8, 1, 96), (40, 7, 33, 160), (4, 4, 0, 32)])
               {
                   Tensor to = run.Updated(new Shape(all, columns), type);
                   run.Backend.CopyRows(to, first, run.Input(new Shape(count, columns), type));
                   run.Compare($"{count} of {all} from {first}", to, 0);
               }
           }),
        new("CopyRows integers", run =>
        {
            Tensor to = run.Integers(10, 100), from = run.Integers(10, 100);
            run.Backend.CopyRows(to, 0, from);
            run.Compare("integers", to, 0);
        }),
        Each("Add", (run, shape) =>
        {
            Tensor to = run.Output(shape);
            run.Backend.Add(to, run.Input(shape), run.Input(shape));
            run.Compare($"{shape}", to);
        }),
        Each("Add in place", (run, shape) =>
        {
            Tensor left = run.Updated(shape), right = run.Updated(shape), both = run.Updated(shape);
            run.Backend.Add(left, left, run.Input(shape));
            run.Backend.Add(right, run.Input(shape), right);
            run.Backend.Add(both, both, both);
            run.Compare($"{shape} on a", left);
            run.Compare($"{shape} on b", right);
            run.Compare($"{shape} on both", both);
        }),
        Each("AddScaled", (run, shape) =>
        {
            Tensor to = run.Updated(shape);
            run.Backend.AddScaled(to, run.Input(shape), -0.7f);
            run.Compare($"{shape}", to);
        }),
        .. from inPlace in (bool[])[false, true]
           select Each(inPlace ? "AddBias in place" : "AddBias", (run, shape) =>
           {
               Tensor x = inPlace ? run.Updated(shape) : run.Input(shape), to = inPlace ? x : run.Output(shape);
               run.Backend.AddBias(to, x, run.Input(new Shape(shape.Columns)));
               run.Compare($"{shape}", to);
           }),
        .. from accumulate in (bool[])[false, true]
           select new OperationCase($"SumRows accumulate: {accumulate}", run =>
           {
               foreach (int columns in OperationCases.Ragged)
               {
                   foreach (int rows in (int[])[0, 1, 2, 33])
                   {
                       Tensor to = run.Result(new Shape(columns), accumulate);
                       run.Backend.SumRows(to, run.Input(new Shape(rows, columns)), accumulate);
                       run.Compare($"({rows}, {columns})", to);
                   }
               }
           }),
        .. from probability in (float[])[0, 0.1f, 0.5f, 0.99f]
           from inPlace in (bool[])[false, true]
           select Each($"Dropout {probability}{(inPlace ? " in place" : "")}", (run, shape) =>
           {
               Tensor x = inPlace ? run.Updated(shape) : run.Input(shape), to = inPlace ? x : run.Output(shape);
               run.Backend.Dropout(to, x, probability, seed: 0xC0DE + (ulong)shape.Count);
               run.Compare($"{shape}", to);
           }),
    ];

    private static OperationCase Each(string name, Action<OperationRun, Shape> body) => new(name, run =>
    {
        foreach (Shape shape in Shapes)
            body(run, shape);
    });
}
