using CodeTuner.Tensors.Cpu.Kernels;

namespace CodeTuner.Tensors.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void RmsNorm(Tensor into, Tensor inverseRms, Tensor x, Tensor weight, float epsilon)
    {
        OperationChecks.RmsNorm(into, inverseRms, x, weight);
        int columns = x.Shape.Columns;
        ForRows(x.Shape.Rows, columns, new RmsNormBody
        {
            Kernels = kernels, Y = Of(into).Floats, Inverse = Of(inverseRms).Floats, X = Of(x).Floats, Weight = Of(weight).Floats,
            Columns = columns, Epsilon = epsilon,
        });
    }

    /// <inheritdoc/>
    public override void RmsNormBackward(
        Tensor? xGradient, bool accumulateX, Tensor? weightGradient, bool accumulateWeight,
        Tensor yGradient, Tensor x, Tensor weight, Tensor inverseRms)
    {
        OperationChecks.RmsNormBackward(xGradient, weightGradient, yGradient, x, weight, inverseRms);
        int rows = x.Shape.Rows, columns = x.Shape.Columns;
        float* dy = Of(yGradient).Floats, xs = Of(x).Floats, inverse = Of(inverseRms).Floats;
        if (xGradient is not null)
        {
            ForRows(rows, columns, new NormBackwardBody
            {
                Kernels = kernels, Dx = Of(xGradient).Floats, Dy = dy, X = xs, Weight = Of(weight).Floats, Inverse = inverse,
                Columns = columns, Accumulate = accumulateX,
            });
        }

        if (weightGradient is not null)
            WeightGradient(weightGradient, accumulateWeight, dy, xs, null, inverse, rows, columns);
    }

    /// <inheritdoc/>
    public override void LayerNorm(Tensor into, Tensor mean, Tensor inverseDeviation, Tensor x, Tensor weight, Tensor bias, float epsilon)
    {
        OperationChecks.LayerNorm(into, mean, inverseDeviation, x, weight, bias);
        int columns = x.Shape.Columns;
        ForRows(x.Shape.Rows, columns, new LayerNormBody
        {
            Kernels = kernels, Y = Of(into).Floats, Mean = Of(mean).Floats, Inverse = Of(inverseDeviation).Floats, X = Of(x).Floats,
            Weight = Of(weight).Floats, Bias = Of(bias).Floats, Columns = columns, Epsilon = epsilon,
        });
    }

    /// <inheritdoc/>
    public override void LayerNormBackward(
        Tensor? xGradient, bool accumulateX, Tensor? weightGradient, bool accumulateWeight,
        Tensor yGradient, Tensor x, Tensor weight, Tensor mean, Tensor inverseDeviation)
    {
        OperationChecks.LayerNormBackward(xGradient, weightGradient, yGradient, x, weight, mean, inverseDeviation);
        int rows = x.Shape.Rows, columns = x.Shape.Columns;
        float* dy = Of(yGradient).Floats, xs = Of(x).Floats, means = Of(mean).Floats, inverse = Of(inverseDeviation).Floats;
        if (xGradient is not null)
        {
            ForRows(rows, columns, new NormBackwardBody
            {
                Kernels = kernels, Dx = Of(xGradient).Floats, Dy = dy, X = xs, Weight = Of(weight).Floats, Mean = means, Inverse = inverse,
                Columns = columns, Accumulate = accumulateX,
            });
        }

        if (weightGradient is not null)
            WeightGradient(weightGradient, accumulateWeight, dy, xs, means, inverse, rows, columns);
    }

    private void WeightGradient(Tensor into, bool accumulate, float* dy, float* x, float* mean, float* inverse, int rows, int columns) =>
        ForColumns(columns, new NormWeightBody
        {
            Kernels = kernels, To = Of(into).Floats, Dy = dy, X = x, Mean = mean, Inverse = inverse, Rows = rows, Columns = columns,
            Accumulate = accumulate,
        });

    private struct RmsNormBody : IRowBody
    {
        public VectorKernels Kernels;
        public float* Y;
        public float* Inverse;
        public float* X;
        public float* Weight;
        public int Columns;
        public float Epsilon;

        public readonly void Rows(int first, int count)
        {
            for (long r = first; r < first + count; r++)
                Inverse[r] = Kernels.RmsNorm(Y + (r * Columns), X + (r * Columns), Weight, Columns, Epsilon);
        }
    }

    private struct LayerNormBody : IRowBody
    {
        public VectorKernels Kernels;
        public float* Y;
        public float* Mean;
        public float* Inverse;
        public float* X;
        public float* Weight;
        public float* Bias;
        public int Columns;
        public float Epsilon;

        public readonly void Rows(int first, int count)
        {
            for (long r = first; r < first + count; r++)
                Kernels.LayerNorm(Y + (r * Columns), X + (r * Columns), Weight, Bias, Columns, Epsilon, out Mean[r], out Inverse[r]);
        }
    }

    private struct NormBackwardBody : IRowBody
    {
        public VectorKernels Kernels;
        public float* Dx;
        public float* Dy;
        public float* X;
        public float* Weight;
        public float* Mean; // null for a root-mean-square norm
        public float* Inverse;
        public int Columns;
        public bool Accumulate;

        public readonly void Rows(int first, int count)
        {
            for (long r = first; r < first + count; r++)
            {
                long at = r * Columns;
                if (Mean is null)
                    Kernels.RmsNormBackward(Dx + at, Dy + at, X + at, Weight, Inverse[r], Columns, Accumulate);
                else
                    Kernels.LayerNormBackward(Dx + at, Dy + at, X + at, Weight, Mean[r], Inverse[r], Columns, Accumulate);
            }
        }
    }

    private struct NormWeightBody : IElementBody
    {
        public VectorKernels Kernels;
        public float* To;
        public float* Dy;
        public float* X;
        public float* Mean;
        public float* Inverse;
        public int Rows;
        public int Columns;
        public bool Accumulate;

        public readonly void Elements(long first, long count)
        {
            if (!Accumulate)
                new Span<float>(To + first, (int)count).Clear();
            for (long r = 0; r < Rows; r++)
            {
                long at = (r * Columns) + first;
                Kernels.AddProduct(To + first, Dy + at, X + at, Mean is null ? 0 : Mean[r], Inverse[r], (int)count);
            }
        }
    }
}
