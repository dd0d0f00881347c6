using CodeTuner.Tensors.Autograd.Operations;

namespace CodeTuner.Tensors.Autograd
{
    public sealed partial class Tape
    {
        private Tape? inner;

        /// <summary>
        /// A stretch of the computation of which only the input and the result are kept: the backward pass computes what lies
        /// between once more (Chen et al. 2016, arXiv 1604.06174). It costs a forward pass; the gradients are the same.
        /// </summary>
        /// <param name="x">The one input that changes; it stays as it is until the backward pass.</param>
        /// <param name="forward">The stretch, on the tape that it is given. It is run twice and must do the same both times.</param>
        public Variable Checkpoint(Variable x, Func<Tape, Variable, Variable> forward)
        {
            if (!IsRecording)
                return forward(this, x);
            ulong seed = DropoutSeed;
            int mark = Mark();
            Variable y;
            IsRecording = false;
            try
            {
                y = forward(this, x);
                ReleaseSince(mark, y);
            }
            finally
            {
                IsRecording = true;
            }

            // Weights inside may be trained even where x needs no gradient.
            y.RequiresGradient = true;
            Record<CheckpointOperation>(y).Keep(x, forward, seed);
            return y;
        }

        /// <summary>Runs a stretch again, now recorded, and goes back over it.</summary>
        internal void BackwardAgain(Variable x, Variable output, Func<Tape, Variable, Variable> forward, ulong seed)
        {
            inner ??= new Tape(Backend);
            (inner.IsRecording, inner.IsTraining, inner.DropoutSeed) = (true, IsTraining, seed);
            Variable from = inner.Track(x.Value, owned: false, x.RequiresGradient);
            MoveGradient(output, forward(inner, from));
            inner.Backward();
            if (from.HasGradient)
                MoveGradient(from, x);
            inner.Reset();
        }
    }
}

namespace CodeTuner.Tensors.Autograd.Operations
{
    internal sealed class CheckpointOperation : Operation
    {
        private Variable x = null!;
        private Func<Tape, Variable, Variable> forward = null!;
        private ulong seed;

        public void Keep(Variable x, Func<Tape, Variable, Variable> forward, ulong seed) => (this.x, this.forward, this.seed) = (x, forward, seed);

        public override void Backward(Tape tape) => tape.BackwardAgain(x, Output, forward, seed);

        public override void Clear(Tape tape) => (x, forward) = (null!, null!);
    }
}
