using CodeTuner.Tensors.Reference;

namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>The reference's backward passes against central differences of its forward passes, in double precision.</summary>
public sealed class ReferenceGradientTests : IDisposable
{
    private readonly ReferenceBackend backend = new();
    private readonly Random random = new(5);

    public void Dispose() => backend.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(-0.3f)]
    public void MatMul(float scale)
    {
        Tensor a = Numbers(new Shape(3, 5)), b = Numbers(new Shape(4, 5)), dy = Numbers(new Shape(3, 4));
        Tensor da = New(a.Shape), db = New(b.Shape), y = New(dy.Shape);
        backend.MatMul(da, dy, b, MatMulLayout.NN, scale: scale);
        backend.MatMul(db, dy, a, MatMulLayout.TN, scale: scale);
        Check(y, dy, () => backend.MatMul(y, a, b, MatMulLayout.NT, scale: scale), (a, da), (b, db));
    }

    [Fact]
    public void AddBias()
    {
        Tensor x = Numbers(new Shape(3, 5)), bias = Numbers(new Shape(5)), dy = Numbers(x.Shape), db = New(bias.Shape), y = New(x.Shape);
        backend.SumRows(db, dy, accumulate: false);
        Check(y, dy, () => backend.AddBias(y, x, bias), (x, dy), (bias, db));
    }

    [Fact]
    public void Dropout()
    {
        Tensor x = Numbers(new Shape(7, 9)), dy = Numbers(x.Shape), dx = New(x.Shape), y = New(x.Shape);
        backend.Dropout(dx, dy, 0.3f, seed: 11);
        Check(y, dy, () => backend.Dropout(y, x, 0.3f, seed: 11), (x, dx));
        Assert.InRange(backend.ReadDoubles(dx).Count(value => value == 0), 8, 30);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(4, 7)]
    public void RmsNorm(int rows, int columns)
    {
        Tensor x = Numbers(new Shape(rows, columns)), w = Numbers(new Shape(columns)), dy = Numbers(x.Shape);
        Tensor y = New(x.Shape), inverse = New(new Shape(rows)), dx = New(x.Shape), dw = New(w.Shape);
        void Forward() => backend.RmsNorm(y, inverse, x, w, 1e-3f);
        Forward();
        backend.RmsNormBackward(dx, false, dw, false, dy, x, w, inverse);
        Check(y, dy, Forward, (x, dx), (w, dw));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(4, 7)]
    public void LayerNorm(int rows, int columns)
    {
        Tensor x = Numbers(new Shape(rows, columns)), w = Numbers(new Shape(columns)), b = Numbers(new Shape(columns)), dy = Numbers(x.Shape);
        Tensor y = New(x.Shape), mean = New(new Shape(rows)), inverse = New(new Shape(rows));
        Tensor dx = New(x.Shape), dw = New(w.Shape), db = New(b.Shape);
        void Forward() => backend.LayerNorm(y, mean, inverse, x, w, b, 1e-3f);
        Forward();
        backend.LayerNormBackward(dx, false, dw, false, dy, x, w, mean, inverse);
        backend.SumRows(db, dy, accumulate: false);
        Check(y, dy, Forward, (x, dx), (w, dw), (b, db));
    }

    [Fact]
    public void Rotary()
    {
        Tensor x = Numbers(new Shape(3, 12)), dy = Numbers(x.Shape), table = Numbers(new Shape(8, 6)), positions = Integers(7, 0, 3);
        Tensor y = New(x.Shape), dx = New(x.Shape);
        backend.Rotary(dx, dy, positions, table, 6, inverse: true);
        Check(y, dy, () => backend.Rotary(y, x, positions, table, 6), (x, dx));
    }

    [Theory]
    [InlineData(1, 1, 1, 1, 1, 2, false)]
    [InlineData(1, 5, 5, 2, 2, 3, false)]
    [InlineData(2, 4, 4, 4, 2, 3, false)]
    [InlineData(2, 3, 6, 3, 1, 2, false)]
    [InlineData(2, 5, 7, 4, 2, 3, true)]
    public void Attention(int batch, int queries, int keys, int queryHeads, int keyHeads, int headSize, bool segments)
    {
        AttentionShape shape = new(batch, queries, keys, queryHeads, keyHeads, headSize, 0.7f);
        Tensor q = Numbers(new Shape(batch * queries, queryHeads * headSize)), dy = Numbers(q.Shape);
        Tensor k = Numbers(new Shape(batch * keys, keyHeads * headSize)), v = Numbers(k.Shape);
        Tensor y = New(q.Shape), logSumExp = New(new Shape(batch * queries, queryHeads)), dq = New(q.Shape), dk = New(k.Shape), dv = New(v.Shape);
        Tensor? first = segments
            ? Integers([.. Enumerable.Range(0, batch * queries).Select(row => random.Next(shape.Offset + (row % queries) + 1))])
            : null;
        void Forward() => backend.Attention(y, logSumExp, q, k, v, first, shape);
        Forward();
        backend.AttentionBackward(dq, dk, dv, dy, y, logSumExp, q, k, v, first, shape);
        Check(y, dy, Forward, (q, dq), (k, dk), (v, dv));
    }

    [Theory]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.GeluTanh)]
    public void GatedActivation(Activation activation)
    {
        Tensor gate = Numbers(new Shape(4, 5)), up = Numbers(gate.Shape), dy = Numbers(gate.Shape);
        Tensor y = New(gate.Shape), dGate = New(gate.Shape), dUp = New(gate.Shape);
        backend.GatedActivationBackward(dGate, dUp, dy, gate, up, activation);
        Check(y, dy, () => backend.GatedActivation(y, gate, up, activation), (gate, dGate), (up, dUp));
    }

    [Fact]
    public void Gather()
    {
        Tensor table = Numbers(new Shape(4, 3)), dy = Numbers(new Shape(5, 3)), indices = Integers(3, 0, 3, 3, 1);
        Tensor y = New(dy.Shape), dTable = New(table.Shape);
        backend.Fill(dTable, 0);
        backend.ScatterAdd(dTable, dy, indices);
        Check(y, dy, () => backend.Gather(y, table, indices), (table, dTable));
    }

    [Fact]
    public void LinearCrossEntropy()
    {
        const float Scale = 0.25f;
        Tensor hidden = Numbers(new Shape(4, 3)), weight = Numbers(new Shape(5, 3)), targets = Integers(4, 0, 2, 2);
        Tensor losses = New(new Shape(4)), dHidden = New(hidden.Shape), dWeight = New(weight.Shape), scale = New(losses.Shape);
        backend.Fill(scale, Scale);
        backend.LinearCrossEntropy(losses, hidden, weight, targets, Scale, dHidden, dWeight, accumulateWeight: false);
        Check(
            losses, scale, () => backend.LinearCrossEntropy(losses, hidden, weight, targets, Scale, null, null, false),
            (hidden, dHidden), (weight, dWeight));
    }

    /// <summary>With L = Σ dy · y: each claimed gradient against (L(x + h) − L(x − h)) / 2h.</summary>
    private void Check(Tensor y, Tensor dy, Action forward, params (Tensor Of, Tensor Gradient)[] claims)
    {
        const double H = 1e-5;
        double[] weights = backend.ReadDoubles(dy);
        double Loss()
        {
            forward();
            return backend.ReadDoubles(y).Zip(weights, (value, weight) => value * weight).Sum();
        }

        foreach ((Tensor of, Tensor gradient) in claims)
        {
            double[] claimed = backend.ReadDoubles(gradient), values = backend.ReadDoubles(of);
            for (int i = 0; i < values.Length; i++)
            {
                double at = values[i];
                values[i] = at + H;
                backend.WriteDoubles(of, values);
                double above = Loss();
                values[i] = at - H;
                backend.WriteDoubles(of, values);
                double below = Loss();
                values[i] = at;
                backend.WriteDoubles(of, values);
                double measured = (above - below) / (2 * H);
                Assert.True(
                    Math.Abs(claimed[i] - measured) <= 1e-7 * Math.Max(1, Math.Abs(measured)),
                    $"Element {i} of the gradient of {of}: {claimed[i]}, measured {measured}.");
            }
        }
    }

    private Tensor New(Shape shape) => backend.Allocate(shape);

    private Tensor Numbers(Shape shape)
    {
        Tensor tensor = New(shape);
        backend.WriteDoubles(tensor, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => (3 * random.NextDouble()) - 1.5)]);
        return tensor;
    }

    private Tensor Integers(params int[] values)
    {
        Tensor tensor = backend.Allocate(new Shape(values.Length), DType.Int32);
        backend.Write(tensor, values);
        return tensor;
    }
}
