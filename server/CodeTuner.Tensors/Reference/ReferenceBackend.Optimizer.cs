namespace CodeTuner.Tensors.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void SumOfSquares(Tensor into, Tensor x, bool accumulate)
    {
        OperationChecks.SumOfSquares(into, x);
        double[] to = Doubles(into);
        to[0] = (accumulate ? to[0] : 0) + Doubles(x).Sum(value => value * value);
    }

    /// <inheritdoc/>
    public override void AdamW(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, AdamWStep step)
    {
        OperationChecks.AdamW(parameter, gradient, firstMoment, secondMoment);
        double[] theta = Doubles(parameter), gradients = Doubles(gradient), m = Doubles(firstMoment), v = Doubles(secondMoment);
        double beta1 = step.Beta1, beta2 = step.Beta2, rate = step.LearningRate;
        for (int i = 0; i < theta.Length; i++)
        {
            double g = step.GradientScale * gradients[i];
            m[i] = (beta1 * m[i]) + ((1 - beta1) * g);
            v[i] = (beta2 * v[i]) + ((1 - beta2) * g * g);
            double mHat = m[i] / (1 - Math.Pow(beta1, step.Step)), vHat = v[i] / (1 - Math.Pow(beta2, step.Step));
            theta[i] -= rate * step.WeightDecay * theta[i];
            theta[i] -= rate * mHat / (Math.Sqrt(vHat) + step.Epsilon);
        }
    }
}
