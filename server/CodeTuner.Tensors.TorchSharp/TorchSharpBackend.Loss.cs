namespace CodeTuner.Tensors.TorchSharp;

public sealed partial class TorchSharpBackend
{
    // The logits of one chunk: 32 MiB, enough rows for a fast product and little beside a model.
    private const long LogitsLimit = 8 << 20;

    /// <inheritdoc/>
    public override void LinearCrossEntropy(
        Tensor losses, Tensor hidden, Tensor weight, Tensor targets, float gradientScale,
        Tensor? hiddenGradient, Tensor? weightGradient, bool accumulateWeight)
    {
        OperationChecks.LinearCrossEntropy(losses, hidden, weight, targets, hiddenGradient, weightGradient);
        TorchSharpTensor tokens = Of(targets);
        int rows = hidden.Shape.Rows, vocabulary = weight.Shape.Rows;
        OperationChecks.InRange(tokens.Integers, vocabulary, "target");
        Do(() =>
        {
            if (weightGradient is not null && !accumulateWeight)
                Values(weightGradient).zero_();
            TorchTensor w = AsFloats(weight); // (V, C)
            int perChunk = (int)Math.Clamp(LogitsLimit / vocabulary, 16, Math.Max(16, rows));
            for (int first = 0; first < rows; first += perChunk)
            {
                int count = Math.Min(perChunk, rows - first);
                LossOfRows(losses, hidden, w, tokens.Value, gradientScale, hiddenGradient, weightGradient, first, count);
            }
        });
    }

    private void LossOfRows(
        Tensor losses, Tensor hidden, TorchTensor w, TorchTensor targets, float gradientScale,
        Tensor? hiddenGradient, Tensor? weightGradient, int first, int count)
    {
        using DisposeScope temporaries = torch.NewDisposeScope();
        TorchTensor h = Values(hidden).narrow(0, first, count); // (n, C)
        TorchTensor target = targets.narrow(0, first, count).unsqueeze(1); // (n, 1)
        TorchTensor logits = h.mm(w.t()); // (n, V)
        TorchTensor logSum = logits.logsumexp(1, keepdim: true); // (n, 1)
        Values(losses).view(-1, 1).narrow(0, first, count).copy_(logSum.sub(logits.gather(1, target)));
        if (hiddenGradient is null && weightGradient is null)
            return;

        // scale · (softmax − one-hot), in place of the logits.
        TorchTensor gradient = logits.sub_(logSum).exp_().mul_(gradientScale);
        gradient.scatter_add_(1, target, torch.full([count, 1], -gradientScale, torch.ScalarType.Float32, device));
        if (hiddenGradient is not null)
            Values(hiddenGradient).narrow(0, first, count).copy_(gradient.mm(w));
        if (weightGradient is not null)
            Values(weightGradient).addmm_(gradient.t(), h, 1, 1);
    }
}
