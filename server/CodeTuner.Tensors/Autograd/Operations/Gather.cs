using CodeTuner.Tensors.Autograd.Operations;

namespace CodeTuner.Tensors.Autograd
{
    public sealed partial class Tape
    {
        /// <summary>Rows of <paramref name="table"/> by index: an embedding, or the rows whose loss counts.</summary>
        /// <param name="table">(V, C).</param>
        /// <param name="indices">(N) integers.</param>
        public Variable Gather(Variable table, Tensor indices)
        {
            Variable y = Result(new Shape((int)indices.Shape.Count, table.Shape.Columns), table.RequiresGradient);
            Backend.Gather(y.Value, table.Value, indices);
            if (Wants(y))
                Record<GatherOperation>(y).Keep(table, indices);
            return y;
        }
    }
}

namespace CodeTuner.Tensors.Autograd.Operations
{
    internal sealed class GatherOperation : Operation
    {
        private Variable table = null!;
        private Tensor indices = null!;

        public void Keep(Variable table, Tensor indices) => (this.table, this.indices) = (table, indices);

        public override void Backward(Tape tape)
        {
            Tensor gradient = tape.GradientOf(table, out bool accumulate);
            if (!accumulate)
                tape.Backend.Fill(gradient, 0);
            tape.Backend.ScatterAdd(gradient, Output.Gradient!, indices);
        }

        public override void Clear(Tape tape) => (table, indices) = (null!, null!);
    }
}
