using CodeTuner.Tensors.Autograd.Operations;

namespace CodeTuner.Tensors.Autograd
{
    public sealed partial class Tape
    {
        /// <summary>
        /// The losses (N) of an output layer, −log p(target) in nats. Recording, the gradients of
        /// <paramref name="gradientScale"/> · Σ losses are made in the same pass; it starts the backward pass.
        /// </summary>
        /// <param name="hidden">(N, C).</param>
        /// <param name="weight">(V, C).</param>
        /// <param name="targets">(N) integers.</param>
        /// <param name="gradientScale">Such as 1 / (counted tokens · micro-batches).</param>
        public Variable LinearCrossEntropy(Variable hidden, Variable weight, Tensor targets, float gradientScale)
        {
            Variable losses = Result(new Shape((int)targets.Shape.Count), hidden.RequiresGradient || weight.RequiresGradient);
            bool addWeight = false;
            Tensor? dHidden = Wants(hidden) ? Backend.Allocate(hidden.Shape) : null;
            Tensor? dWeight = Wants(weight) ? GradientOf(weight, out addWeight) : null;
            Backend.LinearCrossEntropy(losses.Value, hidden.Value, weight.Value, targets, gradientScale, dHidden, dWeight, addWeight);
            if (Wants(losses))
                Record<LinearCrossEntropyOperation>(losses).Keep(hidden, dHidden);
            return losses;
        }
    }
}

namespace CodeTuner.Tensors.Autograd.Operations
{
    internal sealed class LinearCrossEntropyOperation : Operation
    {
        private Variable hidden = null!;
        private Tensor? gradient;

        public override bool IsLoss => true;

        public void Keep(Variable hidden, Tensor? gradient) => (this.hidden, this.gradient) = (hidden, gradient);

        public override void Backward(Tape tape)
        {
            if (gradient is null)
                return;
            Tensor into = tape.GradientOf(hidden, out bool accumulate);
            if (accumulate)
                tape.Backend.AddScaled(into, gradient, 1);
            else
                tape.Backend.Copy(into, gradient);
        }

        public override void Clear(Tape tape)
        {
            if (gradient is not null)
                tape.Backend.Release(gradient);
            (hidden, gradient) = (null!, null);
        }
    }
}
