namespace CodeTuner.Tensors.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void MatMul(Tensor into, Tensor a, Tensor b, MatMulLayout layout, bool accumulate = false, float scale = 1)
    {
        (int m, int n, int k) = OperationChecks.MatMul(into, a, b, layout);
        double[] to = Doubles(into), left = Doubles(a), right = Doubles(b);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = 0;
                for (int d = 0; d < k; d++)
                {
                    double x = layout == MatMulLayout.TN ? left[(d * m) + i] : left[(i * k) + d];
                    double y = layout == MatMulLayout.NT ? right[(j * k) + d] : right[(d * n) + j];
                    sum += x * y;
                }

                int at = (i * n) + j;
                to[at] = (accumulate ? to[at] : 0) + (scale * sum);
            }
        }
    }
}
