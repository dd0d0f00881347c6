namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>
/// Records what it is asked and runs it on another backend only at a Read or a Flush, as a backend that sends whole
/// graphs to a device does. Allocations, writes and releases are recorded too, in their place among the operations.
/// </summary>
public sealed class DeferringBackend(Backend inner) : Backend
{
    private readonly Queue<Action> pending = new();
    private readonly HashSet<DeferredTensor> live = [];

    public override string Name => $"Deferring {inner.Name}";

    public override long AllocatedBytes => live.Sum(tensor => tensor.Type.Bytes(tensor.Shape));

    /// <summary>How many calls are recorded and not yet run.</summary>
    public int Pending => pending.Count;

    public override Tensor Allocate(Shape shape, DType type = DType.Float32)
    {
        type.Bytes(shape);
        DeferredTensor tensor = new(shape, type);
        live.Add(tensor);
        pending.Enqueue(() => tensor.Inner = inner.Allocate(shape, type));
        return tensor;
    }

    public override void Release(Tensor tensor)
    {
        DeferredTensor own = Of(tensor);
        own.IsReleased = true;
        live.Remove(own);
        pending.Enqueue(() => inner.Release(own.Inner!));
    }

    public override void Write(Tensor into, ReadOnlySpan<float> values)
    {
        OperationChecks.Count(into, values.Length);
        OperationChecks.AnyFloats(into, nameof(into));
        float[] copy = values.ToArray();
        Record(() => inner.Write(In(into), copy), into);
    }

    public override void Write(Tensor into, ReadOnlySpan<int> values)
    {
        OperationChecks.Count(into, values.Length);
        OperationChecks.Integers(into, nameof(into));
        int[] copy = values.ToArray();
        Record(() => inner.Write(In(into), copy), into);
    }

    public override void WriteBytes(Tensor into, ReadOnlySpan<byte> bytes)
    {
        OperationChecks.Bytes(into, bytes.Length);
        byte[] copy = bytes.ToArray();
        Record(() => inner.WriteBytes(In(into), copy), into);
    }

    public override void Read(Tensor from, Span<float> values)
    {
        DeferredTensor own = Of(from);
        Flush();
        inner.Read(own.Inner!, values);
    }

    public override void ReadBytes(Tensor from, Span<byte> bytes)
    {
        DeferredTensor own = Of(from);
        Flush();
        inner.ReadBytes(own.Inner!, bytes);
    }

    public override void Flush()
    {
        while (pending.TryDequeue(out Action? action))
            action();
        inner.Flush();
    }

    public override void Fill(Tensor into, float value)
    {
        OperationChecks.Fill(into);
        Record(() => inner.Fill(In(into), value), into);
    }

    public override void Copy(Tensor into, Tensor from)
    {
        OperationChecks.Copy(into, from);
        Record(() => inner.Copy(In(into), In(from)), into, from);
    }

    public override void CopyRows(Tensor into, int firstRow, Tensor from)
    {
        OperationChecks.CopyRows(into, firstRow, from);
        Record(() => inner.CopyRows(In(into), firstRow, In(from)), into, from);
    }

    public override void Add(Tensor into, Tensor a, Tensor b)
    {
        OperationChecks.Add(into, a, b);
        Record(() => inner.Add(In(into), In(a), In(b)), into, a, b);
    }

    public override void AddScaled(Tensor into, Tensor x, float scale)
    {
        OperationChecks.AddScaled(into, x);
        Record(() => inner.AddScaled(In(into), In(x), scale), into, x);
    }

    public override void AddBias(Tensor into, Tensor x, Tensor bias)
    {
        OperationChecks.AddBias(into, x, bias);
        Record(() => inner.AddBias(In(into), In(x), In(bias)), into, x, bias);
    }

    public override void SumRows(Tensor into, Tensor x, bool accumulate)
    {
        OperationChecks.SumRows(into, x);
        Record(() => inner.SumRows(In(into), In(x), accumulate), into, x);
    }

    public override void Dropout(Tensor into, Tensor x, float probability, ulong seed)
    {
        OperationChecks.Dropout(into, x, probability);
        Record(() => inner.Dropout(In(into), In(x), probability, seed), into, x);
    }

    public override void MatMul(Tensor into, Tensor a, Tensor b, MatMulLayout layout, bool accumulate = false, float scale = 1)
    {
        OperationChecks.MatMul(into, a, b, layout);
        Record(() => inner.MatMul(In(into), In(a), In(b), layout, accumulate, scale), into, a, b);
    }

    public override void RmsNorm(Tensor into, Tensor inverseRms, Tensor x, Tensor weight, float epsilon)
    {
        OperationChecks.RmsNorm(into, inverseRms, x, weight);
        Record(() => inner.RmsNorm(In(into), In(inverseRms), In(x), In(weight), epsilon), into, inverseRms, x, weight);
    }

    public override void RmsNormBackward(
        Tensor? xGradient, bool accumulateX, Tensor? weightGradient, bool accumulateWeight,
        Tensor yGradient, Tensor x, Tensor weight, Tensor inverseRms)
    {
        OperationChecks.RmsNormBackward(xGradient, weightGradient, yGradient, x, weight, inverseRms);
        Record(
            () => inner.RmsNormBackward(
                InOrNull(xGradient), accumulateX, InOrNull(weightGradient), accumulateWeight, In(yGradient), In(x), In(weight), In(inverseRms)),
            xGradient, weightGradient, yGradient, x, weight, inverseRms);
    }

    public override void LayerNorm(Tensor into, Tensor mean, Tensor inverseDeviation, Tensor x, Tensor weight, Tensor bias, float epsilon)
    {
        OperationChecks.LayerNorm(into, mean, inverseDeviation, x, weight, bias);
        Record(
            () => inner.LayerNorm(In(into), In(mean), In(inverseDeviation), In(x), In(weight), In(bias), epsilon),
            into, mean, inverseDeviation, x, weight, bias);
    }

    public override void LayerNormBackward(
        Tensor? xGradient, bool accumulateX, Tensor? weightGradient, bool accumulateWeight,
        Tensor yGradient, Tensor x, Tensor weight, Tensor mean, Tensor inverseDeviation)
    {
        OperationChecks.LayerNormBackward(xGradient, weightGradient, yGradient, x, weight, mean, inverseDeviation);
        Record(
            () => inner.LayerNormBackward(
                InOrNull(xGradient), accumulateX, InOrNull(weightGradient), accumulateWeight,
                In(yGradient), In(x), In(weight), In(mean), In(inverseDeviation)),
            xGradient, weightGradient, yGradient, x, weight, mean, inverseDeviation);
    }

    public override void Rotary(Tensor into, Tensor x, Tensor positions, Tensor table, int headSize, bool inverse = false, bool accumulate = false)
    {
        OperationChecks.Rotary(into, x, positions, table, headSize);
        Record(() => inner.Rotary(In(into), In(x), In(positions), In(table), headSize, inverse, accumulate), into, x, positions, table);
    }

    public override void Attention(Tensor into, Tensor logSumExp, Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape)
    {
        OperationChecks.Attention(into, logSumExp, query, key, value, firstKey, shape);
        Record(
            () => inner.Attention(In(into), In(logSumExp), In(query), In(key), In(value), InOrNull(firstKey), shape),
            into, logSumExp, query, key, value, firstKey);
    }

    public override void AttentionBackward(
        Tensor queryGradient, Tensor keyGradient, Tensor valueGradient,
        Tensor outputGradient, Tensor output, Tensor logSumExp,
        Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape)
    {
        OperationChecks.AttentionBackward(
            queryGradient, keyGradient, valueGradient, outputGradient, output, logSumExp, query, key, value, firstKey, shape);
        Record(
            () => inner.AttentionBackward(
                In(queryGradient), In(keyGradient), In(valueGradient), In(outputGradient), In(output), In(logSumExp),
                In(query), In(key), In(value), InOrNull(firstKey), shape),
            queryGradient, keyGradient, valueGradient, outputGradient, output, logSumExp, query, key, value, firstKey);
    }

    public override void GatedActivation(Tensor into, Tensor gate, Tensor up, Activation activation)
    {
        OperationChecks.GatedActivation(into, gate, up);
        Record(() => inner.GatedActivation(In(into), In(gate), In(up), activation), into, gate, up);
    }

    public override void GatedActivationBackward(
        Tensor gateGradient, Tensor upGradient, Tensor outputGradient, Tensor gate, Tensor up, Activation activation)
    {
        OperationChecks.GatedActivationBackward(gateGradient, upGradient, outputGradient, gate, up);
        Record(
            () => inner.GatedActivationBackward(In(gateGradient), In(upGradient), In(outputGradient), In(gate), In(up), activation),
            gateGradient, upGradient, outputGradient, gate, up);
    }

    public override void Gather(Tensor into, Tensor table, Tensor indices)
    {
        OperationChecks.Gather(into, table, indices);
        Record(() => inner.Gather(In(into), In(table), In(indices)), into, table, indices);
    }

    public override void ScatterAdd(Tensor into, Tensor rows, Tensor indices)
    {
        OperationChecks.ScatterAdd(into, rows, indices);
        Record(() => inner.ScatterAdd(In(into), In(rows), In(indices)), into, rows, indices);
    }

    public override void LinearCrossEntropy(
        Tensor losses, Tensor hidden, Tensor weight, Tensor targets, float gradientScale,
        Tensor? hiddenGradient, Tensor? weightGradient, bool accumulateWeight)
    {
        OperationChecks.LinearCrossEntropy(losses, hidden, weight, targets, hiddenGradient, weightGradient);
        Record(
            () => inner.LinearCrossEntropy(
                In(losses), In(hidden), In(weight), In(targets), gradientScale, InOrNull(hiddenGradient), InOrNull(weightGradient), accumulateWeight),
            losses, hidden, weight, targets, hiddenGradient, weightGradient);
    }

    public override void SumOfSquares(Tensor into, Tensor x, bool accumulate)
    {
        OperationChecks.SumOfSquares(into, x);
        Record(() => inner.SumOfSquares(In(into), In(x), accumulate), into, x);
    }

    public override void AdamW(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, AdamWStep step)
    {
        OperationChecks.AdamW(parameter, gradient, firstMoment, secondMoment);
        Record(
            () => inner.AdamW(In(parameter), In(gradient), In(firstMoment), In(secondMoment), step),
            parameter, gradient, firstMoment, secondMoment);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
    }

    private void Record(Action action, params ReadOnlySpan<Tensor?> operands)
    {
        foreach (Tensor? operand in operands)
        {
            if (operand is not null)
                Of(operand);
        }

        pending.Enqueue(action);
    }

    private static DeferredTensor Of(Tensor tensor)
    {
        if (tensor is not DeferredTensor own)
            throw new ArgumentException($"A tensor of another backend was given: {tensor.GetType().Name} {tensor}.");
        ObjectDisposedException.ThrowIf(own.IsReleased, own);
        return own;
    }

    // Only called while the queue runs: a tensor released later in the queue is still there.
    private static Tensor In(Tensor tensor) => ((DeferredTensor)tensor).Inner!;

    private static Tensor? InOrNull(Tensor? tensor) => tensor is null ? null : In(tensor);
}
