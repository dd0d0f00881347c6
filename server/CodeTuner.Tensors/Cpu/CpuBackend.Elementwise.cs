using CodeTuner.Tensors.Cpu.Gemm;
using CodeTuner.Tensors.Cpu.Kernels;
using CodeTuner.Tensors.Cpu.Quantised;
using CodeTuner.Tensors.Cpu.Threading;
using CodeTuner.Tensors.Storage;

namespace CodeTuner.Tensors.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Fill(Tensor into, float value)
    {
        OperationChecks.Floats(into, nameof(into));
        ForElements(into.Shape.Count, new FillBody { To = Of(into).Floats, Value = value });
    }

    /// <inheritdoc/>
    public override void Copy(Tensor into, Tensor from)
    {
        OperationChecks.Copy(into, from);
        CpuTensor to = Of(into), source = Of(from);
        if (to.Type == source.Type)
        {
            Buffer.MemoryCopy(source.Memory, to.Memory, to.Capacity, to.StoredBytes);
            return;
        }

        ForRows(to.Shape.Rows, to.Shape.Columns, new ConvertBody { To = to, From = source, Columns = to.Shape.Columns });
    }

    /// <inheritdoc/>
    public override void CopyRows(Tensor into, int firstRow, Tensor from)
    {
        OperationChecks.CopyRows(into, firstRow, from);
        CpuTensor to = Of(into), source = Of(from);
        if (to.Type.IsQuantised())
        {
            byte[] row = new byte[to.Type.RowBytes(to.Shape.Columns)];
            for (int r = 0; r < source.Shape.Rows; r++)
            {
                Panels.ReadRows(to.Type, source.Memory, to.Shape.Columns, r, row);
                Panels.WriteRows(to.Type, to.Memory, to.Shape.Columns, firstRow + r, row);
            }

            return;
        }

        long offset = firstRow * to.Type.RowBytes(to.Shape.Columns), bytes = source.Type.Bytes(source.Shape);
        Buffer.MemoryCopy(source.Memory, (byte*)to.Memory + offset, to.Capacity - offset, bytes);
    }

    /// <inheritdoc/>
    public override void Add(Tensor into, Tensor a, Tensor b)
    {
        OperationChecks.Add(into, a, b);
        ForElements(into.Shape.Count, new AddBody { Kernels = kernels, To = Of(into).Floats, A = Of(a).Floats, B = Of(b).Floats });
    }

    /// <inheritdoc/>
    public override void AddScaled(Tensor into, Tensor x, float scale)
    {
        OperationChecks.AddScaled(into, x);
        ForElements(into.Shape.Count, new AddScaledBody { Kernels = kernels, To = Of(into).Floats, X = Of(x).Floats, Scale = scale });
    }

    /// <inheritdoc/>
    public override void AddBias(Tensor into, Tensor x, Tensor bias)
    {
        OperationChecks.AddBias(into, x, bias);
        int columns = into.Shape.Columns;
        ForRows(into.Shape.Rows, columns, new AddBiasBody
        {
            Kernels = kernels, To = Of(into).Floats, X = Of(x).Floats, Bias = Of(bias).Floats, Columns = columns,
        });
    }

    /// <inheritdoc/>
    public override void SumRows(Tensor into, Tensor x, bool accumulate)
    {
        OperationChecks.SumRows(into, x);
        ForColumns(x.Shape.Columns, new SumRowsBody
        {
            Kernels = kernels, To = Of(into).Floats, X = Of(x).Floats, Rows = x.Shape.Rows, Columns = x.Shape.Columns, Accumulate = accumulate,
        });
    }

    /// <inheritdoc/>
    public override void Dropout(Tensor into, Tensor x, float probability, ulong seed)
    {
        OperationChecks.Dropout(into, x, probability);
        ForElements(into.Shape.Count, new DropoutBody { To = Of(into).Floats, X = Of(x).Floats, Mask = new DropoutMask(probability, seed) });
    }

    private void ForElements<TBody>(long count, TBody body)
        where TBody : struct, IElementBody
    {
        const int PerTile = 32768;
        scratch.Run((int)((count + PerTile - 1) / PerTile), new ElementTiles<TBody> { Body = body, Count = count, PerTile = PerTile });
    }

    /// <summary>Runs <paramref name="body"/> on stripes of columns, for sums over rows: each stripe adds its rows in order.</summary>
    private void ForColumns<TBody>(int columns, TBody body)
        where TBody : struct, IElementBody
    {
        const int PerTile = 64;
        scratch.Run((columns + PerTile - 1) / PerTile, new ElementTiles<TBody> { Body = body, Count = columns, PerTile = PerTile });
    }

    private interface IElementBody
    {
        void Elements(long first, long count);
    }

    private struct ElementTiles<TBody> : IParallelBody
        where TBody : struct, IElementBody
    {
        public TBody Body;
        public long Count;
        public int PerTile;

        public readonly void Run(int tile, int worker)
        {
            long first = (long)tile * PerTile;
            Body.Elements(first, Math.Min(PerTile, Count - first));
        }
    }

    private struct FillBody : IElementBody
    {
        public float* To;
        public float Value;

        public readonly void Elements(long first, long count) => new Span<float>(To + first, (int)count).Fill(Value);
    }

    private struct ConvertBody : IRowBody
    {
        public CpuTensor To;
        public CpuTensor From;
        public int Columns;

        public readonly void Rows(int first, int count)
        {
            float* row = stackalloc float[1024];
            byte* blocks = stackalloc byte[1024 / DTypes.Q8BlockSize * DTypes.Q8BlockBytes];
            long toBytes = To.Type.RowBytes(Columns);
            for (int r = first; r < first + count; r++)
            {
                // In pieces that are whole blocks of every type.
                for (int c = 0; c < Columns; c += 1024)
                {
                    int part = Math.Min(1024, Columns - c);
                    Widening.Row(row, (nint)From.Memory, From.Type, Columns, r, c, part);
                    bool panels = To.Type.IsQuantised();
                    byte* to = panels ? blocks : (byte*)To.Memory + (r * toBytes) + To.Type.RowBytes(c);
                    Span<byte> encoded = new(to, (int)To.Type.RowBytes(part));
                    StorageFormats.Encode(new ReadOnlySpan<float>(row, part), encoded, To.Type);
                    if (panels)
                        Panels.WriteBlocks(To.Type, To.Memory, Columns, r, c / To.Type.BlockSize(), encoded);
                }
            }
        }
    }

    private struct AddBody : IElementBody
    {
        public VectorKernels Kernels;
        public float* To;
        public float* A;
        public float* B;

        public readonly void Elements(long first, long count) => Kernels.Add(To + first, A + first, B + first, count);
    }

    private struct AddScaledBody : IElementBody
    {
        public VectorKernels Kernels;
        public float* To;
        public float* X;
        public float Scale;

        public readonly void Elements(long first, long count) => Kernels.AddScaled(To + first, X + first, Scale, count);
    }

    private struct AddBiasBody : IRowBody
    {
        public VectorKernels Kernels;
        public float* To;
        public float* X;
        public float* Bias;
        public int Columns;

        public readonly void Rows(int first, int count)
        {
            for (long r = first; r < first + count; r++)
                Kernels.Add(To + (r * Columns), X + (r * Columns), Bias, Columns);
        }
    }

    private struct SumRowsBody : IElementBody
    {
        public VectorKernels Kernels;
        public float* To;
        public float* X;
        public int Rows;
        public int Columns;
        public bool Accumulate;

        public readonly void Elements(long first, long count)
        {
            if (!Accumulate)
                new Span<float>(To + first, (int)count).Clear();
            for (long r = 0; r < Rows; r++)
                Kernels.AddScaled(To + first, X + (r * Columns) + first, 1, count);
        }
    }

    private struct DropoutBody : IElementBody
    {
        public float* To;
        public float* X;
        public DropoutMask Mask;

        public readonly void Elements(long first, long count)
        {
            for (long i = first; i < first + count; i++)
                To[i] = X[i] * Mask.Factor(i);
        }
    }
}
