namespace CodeTuner.Tensors.TorchSharp;

public sealed partial class TorchSharpBackend
{
    // GELU in its tanh form is 0.5 · x · (1 + tanh(z / 2)) with z = √(8/π) · (x + 0.044715 · x³), Hendrycks and Gimpel 2016,
    // arXiv 1606.08415. That is x · sigmoid(z), which loses fewer digits where tanh is close to one.
    private const double GeluCubic = 0.044715;

    private static readonly double GeluScale = Math.Sqrt(8 / Math.PI);

    /// <inheritdoc/>
    public override void GatedActivation(Tensor into, Tensor gate, Tensor up, Activation activation)
    {
        OperationChecks.GatedActivation(into, gate, up);
        Do(() =>
        {
            TorchTensor g = Values(gate);
            TorchTensor sigmoid = (activation == Activation.Silu ? g : GeluArgument(g)).sigmoid();
            Store(into, sigmoid.mul_(g).mul_(Values(up)));
        });
    }

    /// <inheritdoc/>
    public override void GatedActivationBackward(
        Tensor gateGradient, Tensor upGradient, Tensor outputGradient, Tensor gate, Tensor up, Activation activation)
    {
        OperationChecks.GatedActivationBackward(gateGradient, upGradient, outputGradient, gate, up);
        Do(() =>
        {
            // Both are x · s with s = sigmoid(z): the value, and its derivative s + x · s · (1 − s) · dz/dx.
            TorchTensor g = Values(gate), u = Values(up), dy = Values(outputGradient);
            TorchTensor z = activation == Activation.Silu ? g : GeluArgument(g);
            TorchTensor sigmoid = z.sigmoid(), value = g.mul(sigmoid), derivative = z.neg().sigmoid_().mul_(value);
            if (activation == Activation.GeluTanh)
                derivative.mul_(g.mul(g).mul_(3 * GeluCubic * GeluScale).add_(GeluScale));
            derivative.add_(sigmoid);
            TorchTensor dGate = dy.mul(u).mul_(derivative), dUp = dy.mul(value);
            Store(gateGradient, dGate);
            Store(upGradient, dUp);
        });
    }

    private static TorchTensor GeluArgument(TorchTensor x) => x.mul(x).mul_(GeluCubic).add_(1).mul_(x).mul_(GeluScale);
}
