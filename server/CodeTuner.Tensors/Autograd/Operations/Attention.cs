using CodeTuner.Tensors.Autograd.Operations;

namespace CodeTuner.Tensors.Autograd
{
    public sealed partial class Tape
    {
        /// <summary>Causal grouped-query attention; operands as in <see cref="Backend.Attention"/>.</summary>
        public Variable Attention(Variable query, Variable key, Variable value, Tensor? firstKey, AttentionShape shape)
        {
            Variable y = Result(query.Shape, query.RequiresGradient || key.RequiresGradient || value.RequiresGradient);
            Tensor logSumExp = Backend.Allocate(new Shape(shape.Batch * shape.Queries, shape.QueryHeads));
            Backend.Attention(y.Value, logSumExp, query.Value, key.Value, value.Value, firstKey, shape);
            if (Wants(y))
                Record<AttentionOperation>(y).Keep(query, key, value, firstKey, logSumExp, shape);
            else
                Backend.Release(logSumExp);
            return y;
        }
    }
}

namespace CodeTuner.Tensors.Autograd.Operations
{
    internal sealed class AttentionOperation : Operation
    {
        private Variable query = null!;
        private Variable key = null!;
        private Variable value = null!;
        private Tensor? firstKey;
        private Tensor logSumExp = null!;
        private AttentionShape shape;

        public void Keep(Variable query, Variable key, Variable value, Tensor? firstKey, Tensor logSumExp, AttentionShape shape) =>
            (this.query, this.key, this.value, this.firstKey, this.logSumExp, this.shape) = (query, key, value, firstKey, logSumExp, shape);

        public override void Backward(Tape tape)
        {
            Tensor dq = tape.BeginGradient(query), dk = tape.BeginGradient(key), dv = tape.BeginGradient(value);
            tape.Backend.AttentionBackward(
                dq, dk, dv, Output.Gradient!, Output.Value, logSumExp, query.Value, key.Value, value.Value, firstKey, shape);
            tape.EndGradient(query, dq);
            tape.EndGradient(key, dk);
            tape.EndGradient(value, dv);
        }

        public override void Clear(Tape tape)
        {
            tape.Backend.Release(logSumExp);
            (query, key, value, firstKey, logSumExp) = (null!, null!, null!, null, null!);
        }
    }
}
