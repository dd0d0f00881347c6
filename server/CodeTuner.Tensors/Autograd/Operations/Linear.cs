using CodeTuner.Tensors.Autograd.Operations;

namespace CodeTuner.Tensors.Autograd
{
    public sealed partial class Tape
    {
        /// <summary>y (R, out) = x (R, in) · wᵀ + bias + the adapter's update.</summary>
        /// <param name="x">(R, in).</param>
        /// <param name="weight">(out, in), in any float type; a frozen one costs no gradient.</param>
        /// <param name="bias">(out), or null.</param>
        /// <param name="adapter">The low-rank update, or null.</param>
        public Variable Linear(Variable x, Variable weight, Variable? bias = null, LoraAdapter? adapter = null)
        {
            int rows = x.Shape.Rows;
            bool wanted = x.RequiresGradient || weight.RequiresGradient || bias?.RequiresGradient == true
                || adapter?.A.RequiresGradient == true || adapter?.B.RequiresGradient == true;
            Variable y = Result(new Shape(rows, weight.Shape.Rows), wanted);
            Backend.MatMul(y.Value, x.Value, weight.Value, MatMulLayout.NT);
            if (bias is not null)
                Backend.AddBias(y.Value, y.Value, bias.Value);
            Tensor? dropped = null, low = null;
            ulong seed = 0;
            if (adapter is not null)
            {
                if (IsTraining && adapter.Dropout > 0)
                {
                    seed = DropoutSeed = DropoutMask.Next(DropoutSeed);
                    dropped = Backend.Allocate(x.Shape);
                    Backend.Dropout(dropped, x.Value, adapter.Dropout, seed);
                }

                low = Backend.Allocate(new Shape(rows, adapter.A.Shape.Rows));
                Backend.MatMul(low, dropped ?? x.Value, adapter.A.Value, MatMulLayout.NT);
                Backend.MatMul(y.Value, low, adapter.B.Value, MatMulLayout.NT, accumulate: true, adapter.Scale);
            }

            if (Wants(y))
            {
                Record<LinearOperation>(y).Keep(x, weight, bias, adapter, dropped, low, seed);
            }
            else
            {
                if (dropped is not null)
                    Backend.Release(dropped);
                if (low is not null)
                    Backend.Release(low);
            }

            return y;
        }
    }
}

namespace CodeTuner.Tensors.Autograd.Operations
{
    /// <summary>dx = dy·w, dw = dyᵀ·x, db = Σ dy; of the adapter, with l = A·x: dB = s·dyᵀ·l, dl = s·dy·B, dA = dlᵀ·x, dx += dl·A.</summary>
    internal sealed class LinearOperation : Operation
    {
        private Variable x = null!;
        private Variable weight = null!;
        private Variable? bias;
        private LoraAdapter? adapter;
        private Tensor? dropped;
        private Tensor? low;
        private ulong seed;

        public void Keep(Variable x, Variable weight, Variable? bias, LoraAdapter? adapter, Tensor? dropped, Tensor? low, ulong seed) =>
            (this.x, this.weight, this.bias, this.adapter, this.dropped, this.low, this.seed) = (x, weight, bias, adapter, dropped, low, seed);

        public override void Backward(Tape tape)
        {
            Backend backend = tape.Backend;
            Tensor dy = Output.Gradient!;
            if (weight.RequiresGradient)
            {
                Tensor dw = tape.GradientOf(weight, out bool accumulate);
                backend.MatMul(dw, dy, x.Value, MatMulLayout.TN, accumulate);
            }

            if (bias?.RequiresGradient == true)
                backend.SumRows(tape.GradientOf(bias, out bool accumulate), dy, accumulate);
            if (x.RequiresGradient)
            {
                Tensor dx = tape.GradientOf(x, out bool accumulate);
                backend.MatMul(dx, dy, weight.Value, MatMulLayout.NN, accumulate);
            }

            if (adapter is not null)
                AdapterBackward(tape, adapter, dy);
        }

        public override void Clear(Tape tape)
        {
            if (dropped is not null)
                tape.Backend.Release(dropped);
            if (low is not null)
                tape.Backend.Release(low);
            (x, weight, bias, adapter, dropped, low) = (null!, null!, null, null, null, null);
        }

        private void AdapterBackward(Tape tape, LoraAdapter lora, Tensor dy)
        {
            Backend backend = tape.Backend;
            if (lora.B.RequiresGradient)
            {
                Tensor db = tape.GradientOf(lora.B, out bool accumulate);
                backend.MatMul(db, dy, low!, MatMulLayout.TN, accumulate, lora.Scale);
            }

            Tensor dLow = backend.Allocate(low!.Shape);
            backend.MatMul(dLow, dy, lora.B.Value, MatMulLayout.NN, accumulate: false, lora.Scale);
            if (lora.A.RequiresGradient)
            {
                Tensor da = tape.GradientOf(lora.A, out bool accumulate);
                backend.MatMul(da, dLow, dropped ?? x.Value, MatMulLayout.TN, accumulate);
            }

            if (x.RequiresGradient)
            {
                Tensor dx = tape.GradientOf(x, out bool accumulate);
                if (dropped is null)
                {
                    backend.MatMul(dx, dLow, lora.A.Value, MatMulLayout.NN, accumulate);
                }
                else
                {
                    Tensor through = backend.Allocate(x.Shape);
                    backend.MatMul(through, dLow, lora.A.Value, MatMulLayout.NN);
                    backend.Dropout(through, through, lora.Dropout, seed);
                    if (accumulate)
                        backend.AddScaled(dx, through, 1);
                    else
                        backend.Copy(dx, through);
                    backend.Release(through);
                }
            }

            backend.Release(dLow);
        }
    }
}
