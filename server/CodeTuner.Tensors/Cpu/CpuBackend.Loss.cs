using CodeTuner.Tensors.Cpu.Kernels;

namespace CodeTuner.Tensors.Cpu;

public sealed unsafe partial class CpuBackend
{
    // The logits of one chunk, in floats and in rows: the output layer's weight is packed anew for each chunk, and that has to
    // be shared by enough rows, with a large vocabulary too.
    private const long LogitsLimit = 8 << 20;
    private const int FewestRows = 256;

    // Floats between two rows of logits: rows that lie a power of two apart would fall on the same lines of a cache.
    private const int RowGap = 16;

    /// <inheritdoc/>
    public override void LinearCrossEntropy(
        Tensor losses, Tensor hidden, Tensor weight, Tensor targets, float gradientScale,
        Tensor? hiddenGradient, Tensor? weightGradient, bool accumulateWeight)
    {
        OperationChecks.LinearCrossEntropy(losses, hidden, weight, targets, hiddenGradient, weightGradient);
        int rows = hidden.Shape.Rows, columns = hidden.Shape.Columns, vocabulary = weight.Shape.Rows;
        OperationChecks.InRange(new ReadOnlySpan<int>(Of(targets).Ints, rows), vocabulary, "target");
        bool wantsGradient = hiddenGradient is not null || weightGradient is not null;
        if (rows == 0 && weightGradient is not null && !accumulateWeight)
            Fill(weightGradient, 0);
        int perChunk = (int)Math.Clamp(LogitsLimit / vocabulary, FewestRows, Math.Max(FewestRows, rows));
        int stride = rows <= DotProductRows ? vocabulary : vocabulary + RowGap;
        CpuTensor logits = memory.Rent(new Shape(Math.Min(perChunk, Math.Max(1, rows)), stride), DType.Float32);
        nint weights = (nint)Of(weight).Memory;
        for (int first = 0; first < rows; first += perChunk)
        {
            int count = Math.Min(perChunk, rows - first);
            float* chunk = Of(hidden).Floats + ((long)first * columns);
            MatMul(logits.Floats, stride, chunk, columns, weights, weight.Type, MatMulLayout.NT, count, vocabulary, columns, accumulate: false, 1);
            ForRows(count, vocabulary, new SoftmaxLossBody
            {
                Kernels = kernels, Logits = logits.Floats, Losses = Of(losses).Floats + first, Targets = Of(targets).Ints + first,
                Vocabulary = vocabulary, Stride = stride, GradientScale = gradientScale, WantsGradient = wantsGradient,
            });
            if (hiddenGradient is not null)
            {
                float* to = Of(hiddenGradient).Floats + ((long)first * columns);
                MatMul(to, columns, logits.Floats, stride, weights, weight.Type, MatMulLayout.NN, count, columns, vocabulary, accumulate: false, 1);
            }

            if (weightGradient is not null)
            {
                MatMul(
                    Of(weightGradient).Floats, columns, logits.Floats, stride, (nint)chunk, DType.Float32, MatMulLayout.TN,
                    vocabulary, columns, count, accumulateWeight || first > 0, 1);
            }
        }

        memory.Return(logits);
    }

    // Each row of logits becomes its loss and, where wanted, scale · (softmax − one-hot) in place.
    private struct SoftmaxLossBody : IRowBody
    {
        public VectorKernels Kernels;
        public float* Logits;
        public float* Losses;
        public int* Targets;
        public int Vocabulary;
        public int Stride;
        public float GradientScale;
        public bool WantsGradient;

        public readonly void Rows(int first, int count)
        {
            for (long r = first; r < first + count; r++)
            {
                float* row = Logits + (r * Stride);
                int target = Targets[r];
                float max = Kernels.Max(row, Vocabulary), targetLogit = row[target];
                float sum = Kernels.ExpSum(row, max, Vocabulary);
                Losses[r] = MathF.Log(sum) + max - targetLogit;
                if (!WantsGradient)
                    continue;
                Kernels.Scale(row, row, GradientScale / sum, Vocabulary);
                row[target] -= GradientScale;
            }
        }
    }
}
