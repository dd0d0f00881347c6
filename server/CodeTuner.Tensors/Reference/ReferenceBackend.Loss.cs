namespace CodeTuner.Tensors.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void LinearCrossEntropy(
        Tensor losses, Tensor hidden, Tensor weight, Tensor targets, float gradientScale,
        Tensor? hiddenGradient, Tensor? weightGradient, bool accumulateWeight)
    {
        OperationChecks.LinearCrossEntropy(losses, hidden, weight, targets, hiddenGradient, weightGradient);
        int[] target = Of(targets).Integers;
        int columns = hidden.Shape.Columns, vocabulary = weight.Shape.Rows;
        OperationChecks.InRange(target, vocabulary, "target");
        double[]? dh = Cleared(hiddenGradient, false), dw = Cleared(weightGradient, accumulateWeight);
        double[] loss = Doubles(losses), h = Doubles(hidden), w = Doubles(weight);
        double[] logits = new double[vocabulary];
        for (int r = 0; r < target.Length; r++)
        {
            for (int token = 0; token < vocabulary; token++)
            {
                logits[token] = 0;
                for (int c = 0; c < columns; c++)
                    logits[token] += h[(r * columns) + c] * w[(token * columns) + c];
            }

            double max = logits.Max();
            double logSum = max + Math.Log(logits.Sum(logit => Math.Exp(logit - max)));
            loss[r] = logSum - logits[target[r]];
            for (int token = 0; token < vocabulary; token++)
            {
                double gradient = gradientScale * (Math.Exp(logits[token] - logSum) - (token == target[r] ? 1 : 0));
                for (int c = 0; c < columns; c++)
                {
                    if (dh is not null)
                        dh[(r * columns) + c] += gradient * w[(token * columns) + c];
                    if (dw is not null)
                        dw[(token * columns) + c] += gradient * h[(r * columns) + c];
                }
            }
        }
    }
}
