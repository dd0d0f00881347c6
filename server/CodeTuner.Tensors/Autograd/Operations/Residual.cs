using CodeTuner.Tensors.Autograd.Operations;

namespace CodeTuner.Tensors.Autograd
{
    public sealed partial class Tape
    {
        /// <summary>x + branch, in place: <paramref name="branch"/>'s tensor becomes the result's.</summary>
        public Variable Residual(Variable x, Variable branch)
        {
            Variable y = InPlace(branch, x.RequiresGradient || branch.RequiresGradient);
            Backend.Add(y.Value, y.Value, x.Value);
            if (Wants(y))
                Record<ResidualOperation>(y).Keep(x, branch);
            return y;
        }
    }
}

namespace CodeTuner.Tensors.Autograd.Operations
{
    internal sealed class ResidualOperation : Operation
    {
        private Variable x = null!;
        private Variable branch = null!;

        public void Keep(Variable x, Variable branch) => (this.x, this.branch) = (x, branch);

        public override void Backward(Tape tape)
        {
            if (x.RequiresGradient)
            {
                Tensor dx = tape.GradientOf(x, out bool accumulate);
                if (accumulate)
                    tape.Backend.AddScaled(dx, Output.Gradient!, 1);
                else
                    tape.Backend.Copy(dx, Output.Gradient!);
            }

            if (branch.RequiresGradient)
                tape.MoveGradient(Output, branch);
        }

        public override void Clear(Tape tape) => (x, branch) = (null!, null!);
    }
}
