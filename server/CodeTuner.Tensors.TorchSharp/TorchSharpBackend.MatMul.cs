namespace CodeTuner.Tensors.TorchSharp;

public sealed partial class TorchSharpBackend
{
    /// <inheritdoc/>
    public override void MatMul(Tensor into, Tensor a, Tensor b, MatMulLayout layout, bool accumulate = false, float scale = 1)
    {
        OperationChecks.MatMul(into, a, b, layout);
        Do(() =>
        {
            TorchTensor left = Values(a), right = AsFloats(b);
            left = layout == MatMulLayout.TN ? left.t() : left; // (M, K)
            right = layout == MatMulLayout.NT ? right.t() : right; // (K, N)
            if (accumulate)
            {
                Values(into).addmm_(left, right, 1, scale);
                return;
            }

            TorchTensor product = left.mm(right);
            Store(into, scale == 1 ? product : product.mul_(scale));
        });
    }
}
