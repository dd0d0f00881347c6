using CodeTuner.Tensors.Cpu.Gemm;
using CodeTuner.Tensors.Cpu.Kernels;
using CodeTuner.Tensors.Cpu.Threading;

namespace CodeTuner.Tensors.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Up to this many rows, dot products with B as it lies beat packing it first.
    private const int DotProductRows = 32;

    /// <inheritdoc/>
    public override void MatMul(Tensor into, Tensor a, Tensor b, MatMulLayout layout, bool accumulate = false, float scale = 1)
    {
        (int m, int n, int k) = OperationChecks.MatMul(into, a, b, layout);
        if (b.Type.IsQuantised() && layout == MatMulLayout.NT)
        {
            q8Gemm.Multiply(scratch, Of(into).Floats, Of(a).Floats, (byte*)Of(b).Memory, b.Type, m, n, k, accumulate, scale);
            return;
        }

        MatMul(Of(into).Floats, Of(a).Floats, (nint)Of(b).Memory, b.Type, layout, m, n, k, accumulate, scale);
    }

    // In float32 throughout; what is quantised is widened.
    private void MatMul(float* c, float* a, nint b, DType type, MatMulLayout layout, int m, int n, int k, bool accumulate, float scale) =>
        MatMul(c, n, a, layout == MatMulLayout.TN ? m : k, b, type, layout, m, n, k, accumulate, scale);

    // cStride and aStride: floats from a row of C, or of A as it lies, to the next.
    private void MatMul(
        float* c, long cStride, float* a, long aStride, nint b, DType type, MatMulLayout layout, int m, int n, int k, bool accumulate, float scale)
    {
        if (layout == MatMulLayout.NT && m <= DotProductRows && !type.IsQuantised() && cStride == n && aStride == k)
        {
            DotProducts(c, a, b, type, m, n, k, accumulate, scale);
            return;
        }

        MatrixView left = new((nint)a, DType.Float32, aStride, DepthIsContiguous: layout != MatMulLayout.TN);
        MatrixView right = layout == MatMulLayout.NT ? new MatrixView(b, type, k, DepthIsContiguous: true) : new MatrixView(b, type, n, DepthIsContiguous: false);
        gemm.Multiply(scratch, c, cStride, left, right, m, n, k, accumulate, scale);
    }

    private void DotProducts(float* c, float* a, nint b, DType type, int m, int n, int k, bool accumulate, float scale)
    {
        int perTile = Math.Clamp(16384 / Math.Max(1, k), 1, 256);
        scratch.Run((n + perTile - 1) / perTile, new DotBody
        {
            Kernels = kernels, C = c, A = a, B = b, Type = type, M = m, N = n, K = k, PerTile = perTile, Accumulate = accumulate, Scale = scale,
        });
    }

    private struct DotBody : IParallelBody
    {
        public VectorKernels Kernels;
        public float* C;
        public float* A;
        public nint B;
        public DType Type;
        public int M;
        public int N;
        public int K;
        public int PerTile;
        public bool Accumulate;
        public float Scale;

        public readonly void Run(int tile, int worker)
        {
            int column = tile * PerTile;
            byte* b = (byte*)B + (column * Type.RowBytes(K));
            Kernels.DotProducts(C + column, N, A, b, Type, M, Math.Min(PerTile, N - column), K, Accumulate, Scale);
        }
    }
}
