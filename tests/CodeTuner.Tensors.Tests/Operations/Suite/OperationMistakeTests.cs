namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>Operands that do not fit are refused, by the name of the one that is wrong, before anything is read or written.</summary>
public class OperationMistakeTests
{
    private static readonly AttentionShape Heads = new(2, 3, 4, 4, 2, 8, 1);

    // Each makes one thing wrong.
    private static readonly (string Name, string Operand, Action<Call> Body)[] Mistakes =
    [
        ("Fill integers", "into", c => c.Backend.Fill(c.Integers(1, 2, 3), 1)),
        ("Copy another shape", "into", c => c.Backend.Copy(c.T(2, 3), c.T(3, 2))),
        ("Copy integers to floats", "from", c => c.Backend.Copy(c.T(3), c.Integers(1, 2, 3))),
        ("Copy floats to integers", "from", c => c.Backend.Copy(c.Integers(1, 2, 3), c.T(3))),
        ("CopyRows past the end", "firstRow", c => c.Backend.CopyRows(c.T(4, 3), 3, c.T(2, 3))),
        ("CopyRows before the start", "firstRow", c => c.Backend.CopyRows(c.T(4, 3), -1, c.T(2, 3))),
        ("CopyRows from a row that overflows", "firstRow", c => c.Backend.CopyRows(c.T(4, 3), int.MaxValue, c.T(2, 3))),
        ("CopyRows of another length", "from", c => c.Backend.CopyRows(c.T(4, 3), 0, c.T(2, 4))),
        ("CopyRows of another type", "from", c => c.Backend.CopyRows(c.T(4, 32), 0, c.T(2, 32, DType.BFloat16))),
        ("Add another shape", "into", c => c.Backend.Add(c.T(2, 3), c.T(2, 4), c.T(2, 4))),
        ("Add bfloat16", "b", c => c.Backend.Add(c.T(2, 3), c.T(2, 3), c.T(2, 3, DType.BFloat16))),
        ("AddScaled another shape", "into", c => c.Backend.AddScaled(c.T(6), c.T(2, 3), 1)),
        ("AddBias too short", "bias", c => c.Backend.AddBias(c.T(2, 3), c.T(2, 3), c.T(2))),
        ("AddBias into another shape", "into", c => c.Backend.AddBias(c.T(3, 3), c.T(2, 3), c.T(3))),
        ("SumRows too short", "into", c => c.Backend.SumRows(c.T(2), c.T(2, 3), false)),
        ("Dropout another shape", "into", c => c.Backend.Dropout(c.T(2, 3), c.T(3, 2), 0.5f, 1)),
        ("Dropout of everything", "probability", c => c.Backend.Dropout(c.T(3), c.T(3), 1, 1)),
        ("Dropout below zero", "probability", c => c.Backend.Dropout(c.T(3), c.T(3), -0.1f, 1)),
        ("Dropout of NaN", "probability", c => c.Backend.Dropout(c.T(3), c.T(3), float.NaN, 1)),
        ("MatMul NT depth", "b", c => c.Backend.MatMul(c.T(2, 4), c.T(2, 3), c.T(4, 5), MatMulLayout.NT)),
        ("MatMul NN depth", "b", c => c.Backend.MatMul(c.T(2, 4), c.T(2, 3), c.T(4, 4), MatMulLayout.NN)),
        ("MatMul TN depth", "b", c => c.Backend.MatMul(c.T(3, 4), c.T(2, 3), c.T(3, 4), MatMulLayout.TN)),
        ("MatMul result", "into", c => c.Backend.MatMul(c.T(4, 2), c.T(2, 3), c.T(4, 3), MatMulLayout.NT)),
        ("MatMul TN of bfloat16", "b", c => c.Backend.MatMul(c.T(3, 4), c.T(2, 3), c.T(2, 4, DType.BFloat16), MatMulLayout.TN)),
        ("MatMul of bfloat16 A", "a", c => c.Backend.MatMul(c.T(2, 4), c.T(2, 3, DType.BFloat16), c.T(4, 3), MatMulLayout.NT)),
        ("MatMul of integers", "b", c => c.Backend.MatMul(c.T(2, 3), c.T(2, 1), c.Integers(1, 2, 3), MatMulLayout.NT)),
        ("RmsNorm weight", "weight", c => c.Backend.RmsNorm(c.T(2, 3), c.T(2), c.T(2, 3), c.T(2), 0)),
        ("RmsNorm inverse", "inverseRms", c => c.Backend.RmsNorm(c.T(2, 3), c.T(3), c.T(2, 3), c.T(3), 0)),
        ("RmsNorm result", "into", c => c.Backend.RmsNorm(c.T(3, 3), c.T(2), c.T(2, 3), c.T(3), 0)),
        ("RmsNormBackward x", "xGradient", c => c.Backend.RmsNormBackward(c.T(3, 3), false, null, false, c.T(2, 3), c.T(2, 3), c.T(3), c.T(2))),
        ("RmsNormBackward weight", "weightGradient", c => c.Backend.RmsNormBackward(null, false, c.T(2), false, c.T(2, 3), c.T(2, 3), c.T(3), c.T(2))),
        ("RmsNormBackward y", "yGradient", c => c.Backend.RmsNormBackward(null, false, c.T(3), false, c.T(3, 2), c.T(2, 3), c.T(3), c.T(2))),
        ("RmsNormBackward inverse", "inverseRms", c => c.Backend.RmsNormBackward(null, false, c.T(3), false, c.T(2, 3), c.T(2, 3), c.T(3), c.T(3))),
        ("LayerNorm bias", "bias", c => c.Backend.LayerNorm(c.T(2, 3), c.T(2), c.T(2), c.T(2, 3), c.T(3), c.T(2), 0)),
        ("LayerNorm mean", "mean", c => c.Backend.LayerNorm(c.T(2, 3), c.T(3), c.T(2), c.T(2, 3), c.T(3), c.T(3), 0)),
        ("LayerNorm inverse", "inverseDeviation", c => c.Backend.LayerNorm(c.T(2, 3), c.T(2), c.T(3), c.T(2, 3), c.T(3), c.T(3), 0)),
        ("LayerNormBackward mean", "mean", c => c.Backend.LayerNormBackward(c.T(2, 3), false, null, false, c.T(2, 3), c.T(2, 3), c.T(3), c.T(3), c.T(2))),
        ("LayerNormBackward x", "xGradient", c => c.Backend.LayerNormBackward(c.T(6), false, null, false, c.T(2, 3), c.T(2, 3), c.T(3), c.T(2), c.T(2))),
        ("Rotary odd head", "headSize", c => c.Backend.Rotary(c.T(2, 9), c.T(2, 9), c.Integers(0, 0), c.T(1, 3), 3)),
        ("Rotary head that does not divide", "headSize", c => c.Backend.Rotary(c.T(2, 10), c.T(2, 10), c.Integers(0, 0), c.T(1, 4), 4)),
        ("Rotary head of nothing", "headSize", c => c.Backend.Rotary(c.T(2, 4), c.T(2, 4), c.Integers(0, 0), c.T(1, 4), 0)),
        ("Rotary table", "table", c => c.Backend.Rotary(c.T(2, 8), c.T(2, 8), c.Integers(0, 0), c.T(1, 8), 4)),
        ("Rotary positions", "positions", c => c.Backend.Rotary(c.T(2, 8), c.T(2, 8), c.Integers(0), c.T(1, 4), 4)),
        ("Rotary positions of floats", "positions", c => c.Backend.Rotary(c.T(2, 8), c.T(2, 8), c.T(2), c.T(1, 4), 4)),
        ("Rotary result", "into", c => c.Backend.Rotary(c.T(3, 8), c.T(2, 8), c.Integers(0, 0), c.T(1, 4), 4)),
        ("Attention query", "query", c => c.Attention(query: c.T(6, 31))),
        ("Attention query of fewer rows", "query", c => c.Attention(query: c.T(5, 32))),
        ("Attention key columns", "key", c => c.Attention(key: c.T(8, 32))),
        ("Attention key rows", "key", c => c.Attention(key: c.T(9, 16))),
        ("Attention value rows", "value", c => c.Attention(value: c.T(7, 16))),
        ("Attention value of bfloat16", "value", c => c.Attention(value: c.T(8, 16, DType.BFloat16))),
        ("Attention result", "into", c => c.Attention(to: c.T(6, 16))),
        ("Attention log-sum-exp", "logSumExp", c => c.Attention(logSumExp: c.T(6, 2))),
        ("Attention first keys", "firstKey", c => c.Attention(firstKey: c.Integers(0, 0, 0))),
        ("Attention first keys of floats", "firstKey", c => c.Attention(firstKey: c.T(6))),
        ("Attention of fewer keys than queries", "shape", c => c.Attention(shape: Heads with { Keys = 2 })),
        ("Attention of heads that do not divide", "shape", c => c.Attention(shape: Heads with { KeyValueHeads = 3 })),
        ("Attention without heads", "shape", c => c.Attention(shape: Heads with { QueryHeads = 0 })),
        ("Attention without key heads", "shape", c => c.Attention(shape: Heads with { KeyValueHeads = 0 })),
        ("Attention without queries", "shape", c => c.Attention(shape: Heads with { Queries = 0 })),
        ("AttentionBackward query gradient", "queryGradient", c => c.AttentionBackward(dq: c.T(5, 32))),
        ("AttentionBackward key gradient", "keyGradient", c => c.AttentionBackward(dk: c.T(6, 16))),
        ("AttentionBackward value gradient", "valueGradient", c => c.AttentionBackward(dv: c.T(8, 32))),
        ("AttentionBackward output gradient", "outputGradient", c => c.AttentionBackward(dy: c.T(6, 16))),
        ("GatedActivation gate", "into", c => c.Backend.GatedActivation(c.T(2, 3), c.T(2, 4), c.T(2, 4), Activation.Silu)),
        ("GatedActivation up", "up", c => c.Backend.GatedActivation(c.T(2, 3), c.T(2, 3), c.T(2, 4), Activation.Silu)),
        ("GatedActivationBackward gate", "gateGradient", c => c.Backend.GatedActivationBackward(c.T(3), c.T(4), c.T(4), c.T(4), c.T(4), Activation.Silu)),
        ("GatedActivationBackward up", "upGradient", c => c.Backend.GatedActivationBackward(c.T(4), c.T(3), c.T(4), c.T(4), c.T(4), Activation.Silu)),
        ("GatedActivationBackward output", "outputGradient", c => c.Backend.GatedActivationBackward(c.T(4), c.T(4), c.T(3), c.T(4), c.T(4), Activation.Silu)),
        ("Gather columns", "into", c => c.Backend.Gather(c.T(2, 3), c.T(5, 4), c.Integers(0, 0))),
        ("Gather count", "into", c => c.Backend.Gather(c.T(2, 3), c.T(5, 3), c.Integers(0))),
        ("Gather from integers", "table", c => c.Backend.Gather(c.T(1, 3), c.Integers(1, 2, 3), c.Integers(0))),
        ("Gather by floats", "indices", c => c.Backend.Gather(c.T(1, 3), c.T(5, 3), c.T(1))),
        ("ScatterAdd columns", "rows", c => c.Backend.ScatterAdd(c.T(5, 3), c.T(2, 4), c.Integers(0, 0))),
        ("ScatterAdd count", "rows", c => c.Backend.ScatterAdd(c.T(5, 3), c.T(2, 3), c.Integers(0))),
        ("ScatterAdd into bfloat16", "into", c => c.Backend.ScatterAdd(c.T(5, 3, DType.BFloat16), c.T(1, 3), c.Integers(0))),
        ("LinearCrossEntropy weight", "weight", c => c.Backend.LinearCrossEntropy(c.T(2), c.T(2, 3), c.T(5, 4), c.Integers(0, 0), 1, null, null, false)),
        ("LinearCrossEntropy without tokens", "weight", c => c.Backend.LinearCrossEntropy(c.T(2), c.T(2, 3), c.T(0, 3), c.Integers(0, 0), 1, null, null, false)),
        ("LinearCrossEntropy losses", "losses", c => c.Backend.LinearCrossEntropy(c.T(3), c.T(2, 3), c.T(5, 3), c.Integers(0, 0), 1, null, null, false)),
        ("LinearCrossEntropy targets", "targets", c => c.Backend.LinearCrossEntropy(c.T(2), c.T(2, 3), c.T(5, 3), c.Integers(0), 1, null, null, false)),
        ("LinearCrossEntropy hidden gradient", "hiddenGradient", c => c.Backend.LinearCrossEntropy(c.T(2), c.T(2, 3), c.T(5, 3), c.Integers(0, 0), 1, c.T(5, 3), null, false)),
        ("LinearCrossEntropy weight gradient", "weightGradient", c => c.Backend.LinearCrossEntropy(c.T(2), c.T(2, 3), c.T(5, 3), c.Integers(0, 0), 1, null, c.T(2, 3), false)),
        ("SumOfSquares into two", "into", c => c.Backend.SumOfSquares(c.T(2), c.T(2, 3), false)),
        ("AdamW gradient", "gradient", c => c.Backend.AdamW(c.T(3), c.T(4), c.T(3), c.T(3), default)),
        ("AdamW first moment", "firstMoment", c => c.Backend.AdamW(c.T(3), c.T(3), c.T(4), c.T(3), default)),
        ("AdamW second moment", "secondMoment", c => c.Backend.AdamW(c.T(3), c.T(3), c.T(3), c.T(4), default)),
    ];

    // Values, not shapes: a backend that defers finds these when it runs.
    private static readonly (string Name, Action<Call> Body)[] BadIndices =
    [
        ("Gather past the end", c => c.Backend.Gather(c.T(2, 3), c.T(5, 3), c.Integers(0, 5))),
        ("Gather before the start", c => c.Backend.Gather(c.T(2, 3), c.T(5, 3), c.Integers(-1, 0))),
        ("ScatterAdd past the end", c => c.Backend.ScatterAdd(c.T(5, 3), c.T(2, 3), c.Integers(0, 5))),
        ("Rotary past the table", c => c.Backend.Rotary(c.T(2, 8), c.T(2, 8), c.Integers(0, 9), c.T(9, 4), 4)),
        ("Attention first key", c => c.Backend.Attention(c.T(2, 4), c.T(2, 1), c.T(2, 4), c.T(2, 4), c.T(2, 4), c.Integers(-1, 0), new AttentionShape(1, 2, 2, 1, 1, 4, 1))),
        ("LinearCrossEntropy target", c => c.Backend.LinearCrossEntropy(c.T(2), c.T(2, 3), c.T(5, 3), c.Integers(0, 5), 1, null, null, false)),
        ("LinearCrossEntropy negative target", c => c.Backend.LinearCrossEntropy(c.T(2), c.T(2, 3), c.T(5, 3), c.Integers(-100, 0), 1, null, null, false)),
    ];

    public static TheoryData<string, string> MistakesOnEachBackend() => OnEachBackend(Mistakes.Select(m => m.Name));

    public static TheoryData<string, string> BadIndicesOnEachBackend() => OnEachBackend(BadIndices.Select(m => m.Name));

    [BackendTheory]
    [MemberData(nameof(MistakesOnEachBackend))]
    public void IsRefusedByName(string backend, string mistake)
    {
        (string _, string operand, Action<Call> body) = Mistakes.Single(m => m.Name == mistake);
        using Backend tested = BackendsUnderTest.Create(backend);
        ArgumentException e = Assert.Throws<ArgumentException>(() => body(new Call(tested)));
        Assert.Equal(operand, e.ParamName);
    }

    [BackendTheory]
    [MemberData(nameof(BadIndicesOnEachBackend))]
    public void IndexOutOfRangeIsRefused(string backend, string mistake)
    {
        using Backend tested = BackendsUnderTest.Create(backend);
        ArgumentException e = Assert.Throws<ArgumentException>(() =>
        {
            BadIndices.Single(m => m.Name == mistake).Body(new Call(tested));
            tested.Flush();
        });
        Assert.Contains("is not in 0 …", e.Message);
    }

    private static TheoryData<string, string> OnEachBackend(IEnumerable<string> names)
    {
        TheoryData<string, string> data = [];
        foreach (string backend in BackendsUnderTest.Names)
        {
            foreach (string name in names)
                data.Add(backend, name);
        }

        return data;
    }

    private sealed class Call(Backend backend)
    {
        public Backend Backend { get; } = backend;

        public Tensor T(int size) => Backend.Allocate(new Shape(size));

        public Tensor T(int rows, int columns, DType type = DType.Float32) => Backend.Allocate(new Shape(rows, columns), type);

        public Tensor Integers(params int[] values)
        {
            Tensor tensor = Backend.Allocate(new Shape(values.Length), DType.Int32);
            Backend.Write(tensor, values);
            return tensor;
        }

        public void Attention(
            Tensor? to = null, Tensor? logSumExp = null, Tensor? query = null, Tensor? key = null, Tensor? value = null,
            Tensor? firstKey = null, AttentionShape? shape = null) =>
            Backend.Attention(
                to ?? T(6, 32), logSumExp ?? T(6, 4), query ?? T(6, 32), key ?? T(8, 16), value ?? T(8, 16), firstKey, shape ?? Heads);

        public void AttentionBackward(Tensor? dq = null, Tensor? dk = null, Tensor? dv = null, Tensor? dy = null) =>
            Backend.AttentionBackward(
                dq ?? T(6, 32), dk ?? T(8, 16), dv ?? T(8, 16), dy ?? T(6, 32), T(6, 32), T(6, 4), T(6, 32), T(8, 16), T(8, 16), null, Heads);
    }
}
