namespace CodeTuner.Tensors.Tests.Operations.Cases;

internal static class MatMulCases
{
    public static IEnumerable<OperationCase> All =>
        from layout in Enum.GetValues<MatMulLayout>()
        from type in (DType[])[DType.Float32, DType.BFloat16, DType.Float16, DType.Q8_0, DType.Q4_0]
        where layout != MatMulLayout.TN || type == DType.Float32
        from accumulate in (bool[])[false, true]
        from few in (bool[])[false, true]
        select new OperationCase($"MatMul {layout} {type} accumulate: {accumulate}{(few ? OperationCases.FewRows : "")}", run =>
        {
            foreach ((int m, int n, int k) in Sizes(layout, type).Where(size => OperationCases.AreFew(size.M) == few))
                Multiply(run, layout, type, m, n, k, accumulate, scale: accumulate ? -0.4f : 1);
        });

    /// <summary>One product.</summary>
    public static void Multiply(OperationRun run, MatMulLayout layout, DType type, int m, int n, int k, bool accumulate, float scale)
    {
        Tensor a = run.Input(layout == MatMulLayout.TN ? new Shape(k, m) : new Shape(m, k)); // (M, K)
        Tensor b = run.Input(layout == MatMulLayout.NT ? new Shape(n, k) : new Shape(k, n), type); // (K, N)
        Tensor to = run.Result(new Shape(m, n), accumulate);
        run.Backend.MatMul(to, a, b, layout, accumulate, scale);

        // Beside quantised weights A may be rounded to int8: an element is off by up to 1/254 of its block's largest, here by a 256th on
        // average, and such errors add up as the products themselves do. QuantisedProductTests leave nothing to round and allow nothing.
        bool rounded = type.IsQuantised() && layout == MatMulLayout.NT;
        run.Compare($"{layout} {type} M {m}, N {n}, K {k}", to, rounded ? 2e-2 : 3e-6, magnitude: Math.Sqrt(k) * Math.Abs(scale));
    }

    private static IEnumerable<(int M, int N, int K)> Sizes(MatMulLayout layout, DType type)
    {
        IEnumerable<(int M, int N, int K)> sizes =
        [
            // Each size ragged in turn, then decoding (one row), more rows than dot products take, and depths beyond one block.
            .. OperationCases.Ragged.Select(s => (s, 33, 17)), .. OperationCases.Ragged.Select(s => (17, s, 33)),
            .. OperationCases.Ragged.Select(s => (13, 31, s)), .. OperationCases.Ragged.Select(s => (1, s, 65)),
            .. OperationCases.Ragged.Select(s => (1, 33, s)),
            (8, 129, 100), (9, 129, 100), (12, 32, 64), (24, 64, 16), (129, 100, 65), (130, 257, 7), (300, 19, 5), (5, 7, 700), (14, 18, 1100), (1, 700, 40),
        ];

        // Without rows; a matrix (K, 0) has none to transpose.
        if (layout != MatMulLayout.TN)
            sizes = sizes.Append((0, 8, 32));
        if (!type.IsQuantised())
            return sizes;

        // Blocks run along B's rows, which must be whole: K in NT, N in NN.
        return layout == MatMulLayout.NT
            ? sizes.Select(s => (s.M, s.N, Whole(s.K))).Distinct()
            : sizes.Select(s => (s.M, Whole(s.N), s.K)).Distinct();
    }

    private static int Whole(int length) => (length + 31) / 32 * 32;
}
