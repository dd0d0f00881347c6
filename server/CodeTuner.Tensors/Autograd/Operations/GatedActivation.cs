using CodeTuner.Tensors.Autograd.Operations;

namespace CodeTuner.Tensors.Autograd
{
    public sealed partial class Tape
    {
        /// <summary>f(gate) · up, element by element.</summary>
        public Variable GatedActivation(Variable gate, Variable up, Activation activation)
        {
            Variable y = Result(gate.Shape, gate.RequiresGradient || up.RequiresGradient);
            Backend.GatedActivation(y.Value, gate.Value, up.Value, activation);
            if (Wants(y))
                Record<GatedActivationOperation>(y).Keep(gate, up, activation);
            return y;
        }
    }
}

namespace CodeTuner.Tensors.Autograd.Operations
{
    internal sealed class GatedActivationOperation : Operation
    {
        private Variable gate = null!;
        private Variable up = null!;
        private Activation activation;

        public void Keep(Variable gate, Variable up, Activation activation) => (this.gate, this.up, this.activation) = (gate, up, activation);

        public override void Backward(Tape tape)
        {
            Tensor dGate = tape.BeginGradient(gate), dUp = tape.BeginGradient(up);
            tape.Backend.GatedActivationBackward(dGate, dUp, Output.Gradient!, gate.Value, up.Value, activation);
            tape.EndGradient(gate, dGate);
            tape.EndGradient(up, dUp);
        }

        public override void Clear(Tape tape) => (gate, up) = (null!, null!);
    }
}
