using CodeTuner.Tensors.Autograd.Operations;

namespace CodeTuner.Tensors.Autograd
{
    public sealed partial class Tape
    {
        /// <summary>Root-mean-square normalisation of the rows of x (R, C) with weight (C).</summary>
        public Variable RmsNorm(Variable x, Variable weight, float epsilon)
        {
            Variable y = Result(x.Shape, x.RequiresGradient || weight.RequiresGradient);
            Tensor inverse = Backend.Allocate(new Shape(x.Shape.Rows));
            Backend.RmsNorm(y.Value, inverse, x.Value, weight.Value, epsilon);
            if (Wants(y))
                Record<RmsNormOperation>(y).Keep(x, weight, inverse);
            else
                Backend.Release(inverse);
            return y;
        }
    }
}

namespace CodeTuner.Tensors.Autograd.Operations
{
    internal sealed class RmsNormOperation : Operation
    {
        private Variable x = null!;
        private Variable weight = null!;
        private Tensor inverse = null!;

        public void Keep(Variable x, Variable weight, Tensor inverse) => (this.x, this.weight, this.inverse) = (x, weight, inverse);

        public override void Backward(Tape tape)
        {
            bool addX = false, addWeight = false;
            Tensor? dx = x.RequiresGradient ? tape.GradientOf(x, out addX) : null;
            Tensor? dw = weight.RequiresGradient ? tape.GradientOf(weight, out addWeight) : null;
            tape.Backend.RmsNormBackward(dx, addX, dw, addWeight, Output.Gradient!, x.Value, weight.Value, inverse);
        }

        public override void Clear(Tape tape)
        {
            tape.Backend.Release(inverse);
            (x, weight, inverse) = (null!, null!, null!);
        }
    }
}
