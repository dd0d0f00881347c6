namespace CodeTuner.Tensors.TorchSharp;

public sealed partial class TorchSharpBackend
{
    /// <inheritdoc/>
    public override void SumOfSquares(Tensor into, Tensor x, bool accumulate)
    {
        OperationChecks.SumOfSquares(into, x);
        Do(() => Store(into, Values(x).mul(Values(x)).sum(), accumulate));
    }

    /// <inheritdoc/>
    public override void AdamW(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, AdamWStep step)
    {
        OperationChecks.AdamW(parameter, gradient, firstMoment, secondMoment);
        Do(() =>
        {
            TorchTensor theta = Values(parameter), m = Values(firstMoment), v = Values(secondMoment);
            TorchTensor g = Values(gradient).mul(step.GradientScale);
            m.mul_(step.Beta1).add_(g, 1.0 - step.Beta1);
            v.mul_(step.Beta2).addcmul_(g, g, 1.0 - step.Beta2);
            TorchTensor denominator = v.div(step.BiasCorrection2).sqrt_().add_(step.Epsilon);
            theta.mul_(1.0 - ((double)step.LearningRate * step.WeightDecay));
            theta.addcdiv_(m, denominator, -(double)step.LearningRate / step.BiasCorrection1);
        });
    }
}
