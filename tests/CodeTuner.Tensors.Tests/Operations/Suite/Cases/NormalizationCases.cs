namespace CodeTuner.Tensors.Tests.Operations.Cases;

internal static class NormalizationCases
{
    private const float Epsilon = 1e-5f;

    // One element has no deviation: layer normalisation of it is the bias, which the numbers behind it hardly decide.
    private static readonly int[] Columns = [.. OperationCases.Ragged.Where(n => n > 1), 576];

    public static IEnumerable<OperationCase> All =>
    [
        new("RmsNorm", run =>
        {
            foreach (int columns in (int[])[1, .. Columns])
            {
                foreach (int rows in (int[])[0, 1, 35])
                    RmsNorm(run, rows, columns);
            }
        }),
        new("LayerNorm", run =>
        {
            foreach (int columns in Columns)
            {
                foreach (int rows in (int[])[0, 1, 35])
                    LayerNorm(run, rows, columns);
            }
        }),
        .. from x in (bool?[])[null, false, true]
           from weight in (bool?[])[null, false, true]
           where x is not null || weight is not null
           from layer in (bool[])[false, true]
           select new OperationCase($"{(layer ? "LayerNorm" : "RmsNorm")}Backward x {Show(x)}, weight {Show(weight)}", run =>
           {
               foreach (int columns in Columns)
               {
                   foreach (int rows in (int[])[1, 35])
                       Backward(run, rows, columns, x, weight, layer);
               }
           }),
    ];

    private static string Show(bool? accumulate) => accumulate switch { null => "unwanted", true => "added", _ => "overwritten" };

    private static (Tensor X, Tensor Weight, Tensor Inverse) RmsNorm(OperationRun run, int rows, int columns)
    {
        Tensor x = run.Input(new Shape(rows, columns), scale: 2), weight = run.Input(new Shape(columns));
        Tensor y = run.Output(x.Shape), inverse = run.Output(new Shape(rows));
        run.Backend.RmsNorm(y, inverse, x, weight, Epsilon);
        run.Compare($"({rows}, {columns}) y", y);
        run.Compare($"({rows}, {columns}) inverse", inverse);
        return (x, weight, inverse);
    }

    private static (Tensor X, Tensor Weight, Tensor Mean, Tensor Inverse) LayerNorm(OperationRun run, int rows, int columns)
    {
        Tensor x = run.Input(new Shape(rows, columns), scale: 2), weight = run.Input(new Shape(columns)), bias = run.Input(new Shape(columns));
        Tensor y = run.Output(x.Shape), mean = run.Output(new Shape(rows)), inverse = run.Output(new Shape(rows));
        run.Backend.LayerNorm(y, mean, inverse, x, weight, bias, Epsilon);

        // Two elements that nearly agree lose digits in their difference.
        double tolerance = columns < 4 ? 1e-4 : 1e-5;
        run.Compare($"({rows}, {columns}) y", y, tolerance);
        run.Compare($"({rows}, {columns}) mean", mean, 1e-5);
        run.Compare($"({rows}, {columns}) inverse", inverse, tolerance);
        return (x, weight, mean, inverse);
    }

    private static void Backward(OperationRun run, int rows, int columns, bool? addX, bool? addWeight, bool layer)
    {
        Tensor dy = run.Input(new Shape(rows, columns));
        Tensor? dx = addX is { } x ? run.Result(dy.Shape, x) : null;
        Tensor? dw = addWeight is { } w ? run.Result(new Shape(columns), w) : null;
        if (layer)
        {
            (Tensor input, Tensor weight, Tensor mean, Tensor inverse) = LayerNorm(run, rows, columns);
            run.Backend.LayerNormBackward(dx, addX ?? false, dw, addWeight ?? false, dy, input, weight, mean, inverse);
        }
        else
        {
            (Tensor input, Tensor weight, Tensor inverse) = RmsNorm(run, rows, columns);
            run.Backend.RmsNormBackward(dx, addX ?? false, dw, addWeight ?? false, dy, input, weight, inverse);
        }

        // With two or three elements nearly everything cancels in dx, whose terms are about one in size.
        double tolerance = columns < 4 ? 1e-3 : 1e-5;
        if (dx is not null)
            run.Compare($"({rows}, {columns}) dx", dx, tolerance, magnitude: 1);
        if (dw is not null)
            run.Compare($"({rows}, {columns}) dw", dw, tolerance);
    }
}
