using CodeTuner.Tensors.Reference;

namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>The reference against numbers worked out by hand, where differences say nothing about the forward pass.</summary>
public sealed class ReferenceValueTests : IDisposable
{
    private readonly ReferenceBackend backend = new();

    public void Dispose() => backend.Dispose();

    [Theory]
    [InlineData(MatMulLayout.NT, new double[] { 17, 39, 23, 53 })] // (1 2 / 3 4) · (5 6 / 7 8)ᵀ
    [InlineData(MatMulLayout.NN, new double[] { 19, 43, 22, 50 })]
    [InlineData(MatMulLayout.TN, new double[] { 26, 38, 30, 44 })]
    public void MatMul(MatMulLayout layout, double[] columnByColumn)
    {
        Tensor y = backend.Allocate(new Shape(2, 2));
        backend.MatMul(y, Of(new Shape(2, 2), 1, 2, 3, 4), Of(new Shape(2, 2), 5, 6, 7, 8), layout);
        Is(y, columnByColumn[0], columnByColumn[2], columnByColumn[1], columnByColumn[3]);
    }

    [Fact]
    public void RmsNorm()
    {
        Tensor y = backend.Allocate(new Shape(1, 2)), inverse = backend.Allocate(new Shape(1));
        backend.RmsNorm(y, inverse, Of(new Shape(1, 2), 3, 4), Of(new Shape(2), 1, 2), 0);
        Is(inverse, 1 / Math.Sqrt(12.5));
        Is(y, 3 / Math.Sqrt(12.5), 8 / Math.Sqrt(12.5));
    }

    [Fact]
    public void LayerNorm()
    {
        Tensor y = backend.Allocate(new Shape(1, 2)), mean = backend.Allocate(new Shape(1)), inverse = backend.Allocate(new Shape(1));
        backend.LayerNorm(y, mean, inverse, Of(new Shape(1, 2), 1, 5), Of(new Shape(2), 3, 3), Of(new Shape(2), 10, 20), 0);
        Is(mean, 3);
        Is(inverse, 0.5);
        Is(y, 7, 23);
    }

    [Fact]
    public void RotaryTurnsHalvesAgainstEachOther()
    {
        // A quarter turn of the first pair, none of the second: elements 0 and 2 are a pair, and 1 and 3.
        Tensor x = Of(new Shape(1, 4), 1, 2, 3, 4), table = Of(new Shape(1, 4), 0, 1, 1, 0), positions = backend.Allocate(new Shape(1), DType.Int32);
        backend.Write(positions, [0]);
        backend.Rotary(x, x, positions, table, 4);
        Is(x, -3, 2, 1, 4);
        backend.Rotary(x, x, positions, table, 4, inverse: true);
        Is(x, 1, 2, 3, 4);
    }

    [Fact]
    public void AttentionIsCausalAndGrouped()
    {
        // Keys of zero make all scores equal: each query averages the values it sees. Both query heads read the one key head.
        AttentionShape shape = new(1, 2, 3, 2, 1, 1, 1);
        Tensor q = Of(new Shape(2, 2), 1, 1, 1, 1), k = Of(new Shape(3, 1), 0, 0, 0), v = Of(new Shape(3, 1), 6, 10, 2);
        Tensor y = backend.Allocate(q.Shape), logSumExp = backend.Allocate(q.Shape), first = backend.Allocate(new Shape(2), DType.Int32);
        backend.Attention(y, logSumExp, q, k, v, null, shape);
        Is(y, 8, 8, 6, 6);
        Is(logSumExp, Math.Log(2), Math.Log(2), Math.Log(3), Math.Log(3));
        backend.Write(first, [1, 1]);
        backend.Attention(y, logSumExp, q, k, v, first, shape);
        Is(y, 10, 10, 6, 6);
    }

    [Theory]
    [InlineData(Activation.Silu, 0.7310585786300049)]
    [InlineData(Activation.GeluTanh, 0.8411919906082768)]
    public void GatedActivationOfOne(Activation activation, double expected)
    {
        Tensor y = backend.Allocate(new Shape(1));
        backend.GatedActivation(y, Of(new Shape(1), 1), Of(new Shape(1), 2), activation);
        Is(y, 2 * expected);
    }

    [Fact]
    public void CrossEntropyOfEqualLogits()
    {
        Tensor losses = backend.Allocate(new Shape(1)), targets = backend.Allocate(new Shape(1), DType.Int32);
        backend.Write(targets, [2]);
        backend.LinearCrossEntropy(losses, Of(new Shape(1, 1), 0), Of(new Shape(4, 1), 1, 2, 3, 4), targets, 1, null, null, false);
        Is(losses, Math.Log(4));
    }

    [Fact]
    public void AdamWStepsByTheRateAgainstTheGradientsSign()
    {
        // After the bias correction of the first step, m̂ is g and √v̂ is |g|.
        AdamWStep step = new(0.5f, 0.75f, 0.5f, 0, 0.25f, 1, 2);
        Tensor theta = Of(new Shape(2), 8, -8), m = Of(new Shape(2), 0, 0), v = Of(new Shape(2), 0, 0);
        backend.AdamW(theta, Of(new Shape(2), 3, -1), m, v, step);
        Is(theta, 8 - 1 - 0.5, -8 + 1 + 0.5);
        Is(m, 1.5, -0.5);
        Is(v, 18, 2);
    }

    private Tensor Of(Shape shape, params float[] values)
    {
        Tensor tensor = backend.Allocate(shape);
        backend.Write(tensor, values);
        return tensor;
    }

    private void Is(Tensor tensor, params double[] expected) =>
        Assert.All(backend.ReadDoubles(tensor).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
}
