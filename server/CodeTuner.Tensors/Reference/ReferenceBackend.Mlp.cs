namespace CodeTuner.Tensors.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void GatedActivation(Tensor into, Tensor gate, Tensor up, Activation activation)
    {
        OperationChecks.GatedActivation(into, gate, up);
        double[] to = Doubles(into), g = Doubles(gate), u = Doubles(up);
        for (int i = 0; i < to.Length; i++)
            to[i] = Activate(g[i], activation).Value * u[i];
    }

    /// <inheritdoc/>
    public override void GatedActivationBackward(
        Tensor gateGradient, Tensor upGradient, Tensor outputGradient, Tensor gate, Tensor up, Activation activation)
    {
        OperationChecks.GatedActivationBackward(gateGradient, upGradient, outputGradient, gate, up);
        double[] dg = Doubles(gateGradient), du = Doubles(upGradient), dy = Doubles(outputGradient), g = Doubles(gate), u = Doubles(up);
        for (int i = 0; i < dy.Length; i++)
        {
            (double value, double derivative) = Activate(g[i], activation);
            (dg[i], du[i]) = (dy[i] * u[i] * derivative, dy[i] * value);
        }
    }

    private static (double Value, double Derivative) Activate(double x, Activation activation)
    {
        if (activation == Activation.Silu)
        {
            double sigmoid = 1 / (1 + Math.Exp(-x));
            return (x * sigmoid, sigmoid * (1 + (x * (1 - sigmoid))));
        }

        // 0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))), Hendrycks and Gimpel 2016, arXiv 1606.08415.
        double a = Math.Sqrt(2 / Math.PI), tanh = Math.Tanh(a * (x + (0.044715 * x * x * x)));
        double slope = a * (1 + (3 * 0.044715 * x * x));
        return (0.5 * x * (1 + tanh), (0.5 * (1 + tanh)) + (0.5 * x * (1 - (tanh * tanh)) * slope));
    }
}
