namespace CodeTuner.Tensors.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void RmsNorm(Tensor into, Tensor inverseRms, Tensor x, Tensor weight, float epsilon)
    {
        OperationChecks.RmsNorm(into, inverseRms, x, weight);
        double[] y = Doubles(into), inverse = Doubles(inverseRms), from = Doubles(x), w = Doubles(weight);
        int columns = x.Shape.Columns;
        for (int r = 0; r < inverse.Length; r++)
        {
            double squares = 0;
            for (int c = 0; c < columns; c++)
                squares += from[(r * columns) + c] * from[(r * columns) + c];
            inverse[r] = 1 / Math.Sqrt((squares / columns) + epsilon);
            for (int c = 0; c < columns; c++)
                y[(r * columns) + c] = from[(r * columns) + c] * inverse[r] * w[c];
        }
    }

    /// <inheritdoc/>
    public override void RmsNormBackward(
        Tensor? xGradient, bool accumulateX, Tensor? weightGradient, bool accumulateWeight,
        Tensor yGradient, Tensor x, Tensor weight, Tensor inverseRms)
    {
        OperationChecks.RmsNormBackward(xGradient, weightGradient, yGradient, x, weight, inverseRms);
        double[]? dx = Cleared(xGradient, accumulateX), dw = Cleared(weightGradient, accumulateWeight);
        double[] dy = Doubles(yGradient), from = Doubles(x), w = Doubles(weight), inverse = Doubles(inverseRms);
        int columns = x.Shape.Columns;
        for (int r = 0; r < inverse.Length; r++)
        {
            // y = x · s · w and ds/dx = −s³ · x / C.
            double s = inverse[r], along = 0;
            for (int c = 0; c < columns; c++)
                along += dy[(r * columns) + c] * w[c] * from[(r * columns) + c];
            for (int c = 0; c < columns; c++)
            {
                int at = (r * columns) + c;
                if (dx is not null)
                    dx[at] += (dy[at] * w[c] * s) - (s * s * s * from[at] * along / columns);
                if (dw is not null)
                    dw[c] += dy[at] * from[at] * s;
            }
        }
    }

    /// <inheritdoc/>
    public override void LayerNorm(Tensor into, Tensor mean, Tensor inverseDeviation, Tensor x, Tensor weight, Tensor bias, float epsilon)
    {
        OperationChecks.LayerNorm(into, mean, inverseDeviation, x, weight, bias);
        double[] y = Doubles(into), means = Doubles(mean), inverse = Doubles(inverseDeviation);
        double[] from = Doubles(x), w = Doubles(weight), b = Doubles(bias);
        int columns = x.Shape.Columns;
        for (int r = 0; r < means.Length; r++)
        {
            double sum = 0, squares = 0;
            for (int c = 0; c < columns; c++)
                sum += from[(r * columns) + c];
            means[r] = sum / columns;
            for (int c = 0; c < columns; c++)
                squares += Math.Pow(from[(r * columns) + c] - means[r], 2);
            inverse[r] = 1 / Math.Sqrt((squares / columns) + epsilon);
            for (int c = 0; c < columns; c++)
                y[(r * columns) + c] = ((from[(r * columns) + c] - means[r]) * inverse[r] * w[c]) + b[c];
        }
    }

    /// <inheritdoc/>
    public override void LayerNormBackward(
        Tensor? xGradient, bool accumulateX, Tensor? weightGradient, bool accumulateWeight,
        Tensor yGradient, Tensor x, Tensor weight, Tensor mean, Tensor inverseDeviation)
    {
        OperationChecks.LayerNormBackward(xGradient, weightGradient, yGradient, x, weight, mean, inverseDeviation);
        double[]? dx = Cleared(xGradient, accumulateX), dw = Cleared(weightGradient, accumulateWeight);
        double[] dy = Doubles(yGradient), from = Doubles(x), w = Doubles(weight), means = Doubles(mean), inverse = Doubles(inverseDeviation);
        int columns = x.Shape.Columns;
        for (int r = 0; r < means.Length; r++)
        {
            // With x̂ = (x − mean) · s and g = w · dy: dx = s · (g − mean(g) − x̂ · mean(g · x̂)).
            double sum = 0, along = 0;
            for (int c = 0; c < columns; c++)
            {
                int at = (r * columns) + c;
                double g = w[c] * dy[at];
                sum += g;
                along += g * (from[at] - means[r]) * inverse[r];
            }

            for (int c = 0; c < columns; c++)
            {
                int at = (r * columns) + c;
                double normal = (from[at] - means[r]) * inverse[r];
                if (dx is not null)
                    dx[at] += inverse[r] * ((w[c] * dy[at]) - (sum / columns) - (normal * along / columns));
                if (dw is not null)
                    dw[c] += dy[at] * normal;
            }
        }
    }

    /// <summary>Where a gradient is summed up: from zero, unless it is added to what is there; null where none is wanted.</summary>
    private static double[]? Cleared(Tensor? gradient, bool accumulate)
    {
        if (gradient is null)
            return null;
        double[] values = Doubles(gradient);
        if (!accumulate)
            Array.Clear(values);
        return values;
    }
}
