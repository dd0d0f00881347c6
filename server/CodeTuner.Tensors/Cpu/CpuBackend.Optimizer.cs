using CodeTuner.Tensors.Cpu.Kernels;
using CodeTuner.Tensors.Cpu.Threading;

namespace CodeTuner.Tensors.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void SumOfSquares(Tensor into, Tensor x, bool accumulate)
    {
        OperationChecks.SumOfSquares(into, x);
        const int PerPart = 32768;
        long count = x.Shape.Count;
        int parts = (int)((count + PerPart - 1) / PerPart);
        double* sums = (double*)scratch.Shared(2L * Math.Max(1, parts));
        scratch.Run(parts, new SquaresBody { Kernels = kernels, X = Of(x).Floats, Sums = sums, Count = count, PerPart = PerPart });
        double total = 0;
        for (int i = 0; i < parts; i++)
            total += sums[i];
        float* to = Of(into).Floats;
        *to = (float)(accumulate ? *to + total : total);
    }

    /// <inheritdoc/>
    public override void AdamW(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, AdamWStep step)
    {
        OperationChecks.AdamW(parameter, gradient, firstMoment, secondMoment);
        ForElements(parameter.Shape.Count, new AdamWBody
        {
            Kernels = kernels, Parameter = Of(parameter).Floats, Gradient = Of(gradient).Floats, First = Of(firstMoment).Floats,
            Second = Of(secondMoment).Floats, Step = step,
        });
    }

    private struct SquaresBody : IParallelBody
    {
        public VectorKernels Kernels;
        public float* X;
        public double* Sums;
        public long Count;
        public int PerPart;

        public readonly void Run(int tile, int worker)
        {
            long first = (long)tile * PerPart;
            Sums[tile] = Kernels.SumOfSquares(X + first, Math.Min(PerPart, Count - first));
        }
    }

    private struct AdamWBody : IElementBody
    {
        public VectorKernels Kernels;
        public float* Parameter;
        public float* Gradient;
        public float* First;
        public float* Second;
        public AdamWStep Step;

        public readonly void Elements(long first, long count) =>
            Kernels.AdamW(Parameter + first, Gradient + first, First + first, Second + first, Step, count);
    }
}
