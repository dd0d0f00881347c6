namespace CodeTuner.Tensors.TorchSharp;

public sealed partial class TorchSharpBackend
{
    /// <inheritdoc/>
    public override void RmsNorm(Tensor into, Tensor inverseRms, Tensor x, Tensor weight, float epsilon)
    {
        OperationChecks.RmsNorm(into, inverseRms, x, weight);
        Do(() =>
        {
            TorchTensor from = Values(x); // (R, C)
            TorchTensor inverse = MeanOfRows(from.mul(from)).add_(epsilon).rsqrt_(); // (R, 1)
            Store(into, from.mul(inverse).mul_(Row(weight)));
            Store(inverseRms, inverse);
        });
    }

    /// <inheritdoc/>
    public override void RmsNormBackward(
        Tensor? xGradient, bool accumulateX, Tensor? weightGradient, bool accumulateWeight,
        Tensor yGradient, Tensor x, Tensor weight, Tensor inverseRms)
    {
        OperationChecks.RmsNormBackward(xGradient, weightGradient, yGradient, x, weight, inverseRms);
        Do(() =>
        {
            TorchTensor dy = Values(yGradient), inverse = Column(inverseRms), normal = Values(x).mul(inverse); // (R, C), (R, 1), (R, C)
            if (weightGradient is not null)
                Store(weightGradient, dy.mul(normal).sum([0]), accumulateWeight);
            if (xGradient is null)
                return;

            // With x̂ = x · s and g = w · dy: dx = s · (g − x̂ · mean(g · x̂)).
            TorchTensor g = dy.mul(Row(weight));
            TorchTensor along = MeanOfRows(g.mul(normal)); // (R, 1)
            Store(xGradient, g.sub_(normal.mul_(along)).mul_(inverse), accumulateX);
        });
    }

    /// <inheritdoc/>
    public override void LayerNorm(Tensor into, Tensor mean, Tensor inverseDeviation, Tensor x, Tensor weight, Tensor bias, float epsilon)
    {
        OperationChecks.LayerNorm(into, mean, inverseDeviation, x, weight, bias);
        Do(() =>
        {
            TorchTensor from = Values(x), means = MeanOfRows(from), centred = from.sub(means); // (R, C), (R, 1), (R, C)
            TorchTensor inverse = MeanOfRows(centred.mul(centred)).add_(epsilon).rsqrt_(); // (R, 1)
            Store(into, centred.mul_(inverse).mul_(Row(weight)).add_(Row(bias)));
            Store(mean, means);
            Store(inverseDeviation, inverse);
        });
    }

    /// <inheritdoc/>
    public override void LayerNormBackward(
        Tensor? xGradient, bool accumulateX, Tensor? weightGradient, bool accumulateWeight,
        Tensor yGradient, Tensor x, Tensor weight, Tensor mean, Tensor inverseDeviation)
    {
        OperationChecks.LayerNormBackward(xGradient, weightGradient, yGradient, x, weight, mean, inverseDeviation);
        Do(() =>
        {
            TorchTensor dy = Values(yGradient), inverse = Column(inverseDeviation); // (R, C), (R, 1)
            TorchTensor normal = Values(x).sub(Column(mean)).mul_(inverse); // (R, C)
            if (weightGradient is not null)
                Store(weightGradient, dy.mul(normal).sum([0]), accumulateWeight);
            if (xGradient is null)
                return;

            // With x̂ = (x − mean) · s and g = w · dy: dx = s · (g − mean(g) − x̂ · mean(g · x̂)).
            TorchTensor g = dy.mul(Row(weight));
            TorchTensor average = MeanOfRows(g), along = MeanOfRows(g.mul(normal)); // (R, 1)
            Store(xGradient, g.sub_(average).sub_(normal.mul_(along)).mul_(inverse), accumulateX);
        });
    }

    /// <summary>(R, 1) of (R, C).</summary>
    private static TorchTensor MeanOfRows(TorchTensor x) => x.mean([1], keepdim: true);

    /// <summary>A vector beside the columns of a matrix: (1, C).</summary>
    private static TorchTensor Row(Tensor vector) => Values(vector).reshape(1, -1);

    /// <summary>A vector beside the rows of a matrix: (R, 1).</summary>
    private static TorchTensor Column(Tensor vector) => Values(vector).reshape(-1, 1);
}
