using CodeTuner.Tensors.Autograd.Operations;

namespace CodeTuner.Tensors.Autograd
{
    public sealed partial class Tape
    {
        /// <summary>Dropout in training, in place; otherwise nothing.</summary>
        public Variable Dropout(Variable x, float probability)
        {
            if (!IsTraining || probability <= 0)
                return x;
            ulong seed = DropoutSeed = DropoutMask.Next(DropoutSeed);
            Variable y = InPlace(x, x.RequiresGradient);
            Backend.Dropout(y.Value, y.Value, probability, seed);
            if (Wants(y))
                Record<DropoutOperation>(y).Keep(x, probability, seed);
            return y;
        }
    }
}

namespace CodeTuner.Tensors.Autograd.Operations
{
    internal sealed class DropoutOperation : Operation
    {
        private Variable x = null!;
        private float probability;
        private ulong seed;

        public void Keep(Variable x, float probability, ulong seed) => (this.x, this.probability, this.seed) = (x, probability, seed);

        public override void Backward(Tape tape)
        {
            tape.Backend.Dropout(Output.Gradient!, Output.Gradient!, probability, seed);
            tape.MoveGradient(Output, x);
        }

        public override void Clear(Tape tape) => x = null!;
    }
}
