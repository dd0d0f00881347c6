using CodeTuner.Tensors.Autograd.Operations;

namespace CodeTuner.Tensors.Autograd
{
    public sealed partial class Tape
    {
        /// <summary>Turns each head by its position, in place: <paramref name="x"/>'s tensor becomes the result's.</summary>
        /// <param name="x">(R, H·D).</param>
        /// <param name="positions">(R) integers.</param>
        /// <param name="table">(P, D) cosines and sines.</param>
        /// <param name="headSize">D.</param>
        public Variable Rotary(Variable x, Tensor positions, Tensor table, int headSize)
        {
            Variable y = InPlace(x, x.RequiresGradient);
            Backend.Rotary(y.Value, y.Value, positions, table, headSize);
            if (Wants(y))
                Record<RotaryOperation>(y).Keep(x, positions, table, headSize);
            return y;
        }
    }
}

namespace CodeTuner.Tensors.Autograd.Operations
{
    internal sealed class RotaryOperation : Operation
    {
        private Variable x = null!;
        private Tensor positions = null!;
        private Tensor table = null!;
        private int headSize;

        public void Keep(Variable x, Tensor positions, Tensor table, int headSize) =>
            (this.x, this.positions, this.table, this.headSize) = (x, positions, table, headSize);

        public override void Backward(Tape tape)
        {
            tape.Backend.Rotary(Output.Gradient!, Output.Gradient!, positions, table, headSize, inverse: true);
            tape.MoveGradient(Output, x);
        }

        public override void Clear(Tape tape) => (x, positions, table) = (null!, null!, null!);
    }
}
