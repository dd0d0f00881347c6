using System.Runtime.Intrinsics;
using CodeTuner.Tensors.Cpu.Gemm;
using CodeTuner.Tensors.Cpu.Kernels;
using CodeTuner.Tensors.Cpu.Quantised;
using CodeTuner.Tensors.Cpu.Simd;
using CodeTuner.Tensors.Cpu.Threading;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Cpu;

/// <summary>The managed backend: SIMD kernels on all cores, chosen at run time. It does not defer.</summary>
public sealed unsafe partial class CpuBackend : Backend
{
    private readonly CpuMemory memory = new();
    private readonly CpuScratch scratch;
    private readonly VectorKernels kernels;
    private readonly AttentionKernels attentionKernels;
    private readonly Gemm.Gemm gemm;
    private readonly Q8Gemm q8Gemm;
    private readonly bool ownsPool;

    /// <summary>A backend with the widest kernels and a thread a core, unless <paramref name="options"/> say otherwise.</summary>
    /// <exception cref="PlatformNotSupportedException">This processor cannot run the kernels asked for.</exception>
    public CpuBackend(CpuBackendOptions? options = null)
    {
        options ??= new CpuBackendOptions();
        Kernels = options.Kernels ?? CpuBackendOptions.BestKernels;
        if (!CpuBackendOptions.IsSupported(Kernels))
            throw new PlatformNotSupportedException($"This processor has no {Kernels}. Use {CpuBackendOptions.BestKernels}.");
        (kernels, attentionKernels, gemm) = Kernels switch
        {
            CpuKernelSet.Avx512 => ((VectorKernels)new VectorKernelsOf<Simd512>(), (AttentionKernels)new AttentionKernelsOf<Simd512>(), (Gemm.Gemm)new BlockedGemm<MicroKernel12x2<Simd512>>()),
            CpuKernelSet.AvxVnni or CpuKernelSet.Avx2 => (new VectorKernelsOf<Simd256>(), new AttentionKernelsOf<Simd256>(), new BlockedGemm<MicroKernel6x2<Simd256>>()),
            _ => (new VectorKernelsOf<Simd128>(), new AttentionKernelsOf<Simd128>(), new BlockedGemm<MicroKernel6x2<Simd128>>()),
        };
        q8Gemm = Kernels switch
        {
            CpuKernelSet.AvxVnni or CpuKernelSet.Avx512 when CpuBackendOptions.IsSupported(CpuKernelSet.AvxVnni) => new Q8GemmOf<AvxVnniProducts, Vector256<byte>>(),
            CpuKernelSet.Avx2 or CpuKernelSet.Avx512 => new Q8GemmOf<Avx2Products, Avx2Products.Weights>(),
            _ => new Q8GemmOf<PortableProducts, Vector256<sbyte>>(),
        };
        ownsPool = options.Pool is null;
        Pool = options.Pool ?? new CpuThreadPool(options.Threads ?? Environment.ProcessorCount);
        scratch = new CpuScratch(Pool, options.Priority);
    }

    /// <summary>The kernels in use.</summary>
    public CpuKernelSet Kernels { get; }

    /// <summary>The threads in use.</summary>
    public CpuThreadPool Pool { get; }

    /// <inheritdoc/>
    public override string Name => $"CPU ({Kernels}, {Pool.Threads} {(Pool.Threads == 1 ? "thread" : "threads")})";

    /// <inheritdoc/>
    public override long AllocatedBytes => memory.LiveBytes;

    /// <inheritdoc/>
    public override int IndependentRows => Math.Min(DotProductRows, DirectQueries);

    /// <summary>Bytes held in all: tensors, pool and working memory.</summary>
    public long HeldBytes => memory.LiveBytes + memory.PooledBytes + scratch.Bytes;

    /// <summary>Bytes kept of tensors that were released, until others of such sizes are wanted or <see cref="ReleaseUnused"/> is called.</summary>
    public long PooledBytes => memory.PooledBytes;

    /// <inheritdoc/>
    public override Tensor Allocate(Shape shape, DType type = DType.Float32) => memory.Rent(shape, type);

    /// <inheritdoc/>
    public override void Release(Tensor tensor) => memory.Return(Of(tensor));

    /// <inheritdoc/>
    public override void ReleaseUnused() => memory.Trim();

    /// <inheritdoc/>
    public override void Write(Tensor into, ReadOnlySpan<float> values)
    {
        OperationChecks.Count(into, values.Length);
        CpuTensor to = Of(into);
        if (to.Type == DType.Float32)
        {
            values.CopyTo(new Span<float>(to.Memory, values.Length));
            return;
        }

        if (!to.Type.IsQuantised())
        {
            StorageFormats.Encode(values, Bytes(to), to.Type);
            return;
        }

        int columns = to.Shape.Columns;
        byte[] rows = new byte[Math.Min(Panels.Rows, to.Shape.Rows) * to.Type.RowBytes(columns)];
        for (int row = 0; row < to.Shape.Rows; row += Panels.Rows)
        {
            int count = Math.Min(Panels.Rows, to.Shape.Rows - row);
            Span<byte> part = rows.AsSpan(0, count * (int)to.Type.RowBytes(columns));
            StorageFormats.Encode(values.Slice(row * columns, count * columns), part, to.Type);
            Panels.WriteRows(to.Type, to.Memory, columns, row, part);
        }
    }

    /// <inheritdoc/>
    public override void Write(Tensor into, ReadOnlySpan<int> values)
    {
        OperationChecks.Count(into, values.Length);
        OperationChecks.Integers(into, nameof(into));
        values.CopyTo(new Span<int>(Of(into).Memory, values.Length));
    }

    /// <inheritdoc/>
    public override void WriteBytes(Tensor into, ReadOnlySpan<byte> bytes)
    {
        OperationChecks.Bytes(into, bytes.Length);
        CpuTensor to = Of(into);
        if (to.Type.IsQuantised())
            Panels.WriteRows(to.Type, to.Memory, to.Shape.Columns, 0, bytes);
        else
            bytes.CopyTo(Bytes(to));
    }

    /// <inheritdoc/>
    public override void Read(Tensor from, Span<float> values)
    {
        OperationChecks.Count(from, values.Length);
        CpuTensor source = Of(from);
        if (source.Type == DType.Float32)
            new ReadOnlySpan<float>(source.Memory, values.Length).CopyTo(values);
        else if (source.Type.IsQuantised())
            WidenRows(source, values);
        else
            StorageFormats.Decode(Bytes(source), values, source.Type);
    }

    /// <inheritdoc/>
    public override void ReadBytes(Tensor from, Span<byte> bytes)
    {
        OperationChecks.Bytes(from, bytes.Length);
        CpuTensor source = Of(from);
        if (source.Type.IsQuantised())
            Panels.ReadRows(source.Type, source.Memory, source.Shape.Columns, 0, bytes);
        else
            Bytes(source).CopyTo(bytes);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Every operation is done when its call returns.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        memory.Dispose();
        scratch.Dispose();
        if (ownsPool)
            Pool.Dispose();
    }

    private static CpuTensor Of(Tensor tensor)
    {
        if (tensor is not CpuTensor own)
            throw new ArgumentException($"A tensor of another backend was given: {tensor.GetType().Name} {tensor}.");
        ObjectDisposedException.ThrowIf(own.IsReleased, own);
        return own;
    }

    private static void WidenRows(CpuTensor from, Span<float> values)
    {
        fixed (float* into = values)
        {
            for (int row = 0; row < from.Shape.Rows; row++)
                Panels.Widen(from.Type, into + ((long)row * from.Shape.Columns), from.Memory, from.Shape.Columns, row, 0, from.Shape.Columns);
        }
    }

    // Not of a quantised type, which lies in panels.
    private static Span<byte> Bytes(CpuTensor tensor) => new(tensor.Memory, checked((int)tensor.Type.Bytes(tensor.Shape)));

    /// <summary>Runs <paramref name="body"/> on rows, some to a tile: enough work to be worth a hand-over, little enough to share out.</summary>
    private void ForRows<TBody>(int rows, int columns, TBody body)
        where TBody : struct, IRowBody
    {
        int perTile = Math.Max(1, 16384 / Math.Max(1, columns));
        scratch.Run((rows + perTile - 1) / perTile, new RowTiles<TBody> { Body = body, Rows = rows, PerTile = perTile });
    }

    private struct RowTiles<TBody> : IParallelBody
        where TBody : struct, IRowBody
    {
        public TBody Body;
        public int Rows;
        public int PerTile;

        public readonly void Run(int tile, int worker)
        {
            int first = tile * PerTile;
            Body.Rows(first, Math.Min(PerTile, Rows - first));
        }
    }
}
