using CodeTuner.Tensors.Cpu.Gemm;
using CodeTuner.Tensors.Cpu.Kernels;

namespace CodeTuner.Tensors.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Gather(Tensor into, Tensor table, Tensor indices)
    {
        OperationChecks.Gather(into, table, indices);
        int columns = into.Shape.Columns;
        OperationChecks.InRange(new ReadOnlySpan<int>(Of(indices).Ints, (int)Of(indices).Count), table.Shape.Rows, "row index");
        ForRows(into.Shape.Rows, columns, new GatherBody { To = Of(into).Floats, Table = Of(table), Indices = Of(indices).Ints, Columns = columns });
    }

    /// <inheritdoc/>
    public override void ScatterAdd(Tensor into, Tensor rows, Tensor indices)
    {
        OperationChecks.ScatterAdd(into, rows, indices);
        int columns = into.Shape.Columns;
        OperationChecks.InRange(new ReadOnlySpan<int>(Of(indices).Ints, (int)Of(indices).Count), into.Shape.Rows, "row index");

        // Stripes of columns, so that rows that meet in one place are added in their order whatever the threads do.
        ForColumns(columns, new ScatterBody
        {
            Kernels = kernels, To = Of(into).Floats, From = Of(rows).Floats, Indices = Of(indices).Ints, Rows = rows.Shape.Rows, Columns = columns,
        });
    }

    /// <inheritdoc/>
    public override void Rotary(Tensor into, Tensor x, Tensor positions, Tensor table, int headSize, bool inverse = false, bool accumulate = false)
    {
        OperationChecks.Rotary(into, x, positions, table, headSize);
        OperationChecks.InRange(new ReadOnlySpan<int>(Of(positions).Ints, (int)Of(positions).Count), table.Shape.Rows, "position");
        int columns = x.Shape.Columns;
        ForRows(x.Shape.Rows, columns, new RotaryBody
        {
            Kernels = kernels, To = Of(into).Floats, X = Of(x).Floats, Positions = Of(positions).Ints, Table = Of(table).Floats,
            Columns = columns, HeadSize = headSize, Inverse = inverse, Accumulate = accumulate,
        });
    }

    private struct GatherBody : IRowBody
    {
        public float* To;
        public CpuTensor Table;
        public int* Indices;
        public int Columns;

        public readonly void Rows(int first, int count)
        {
            for (int r = first; r < first + count; r++)
                Widening.Row(To + ((long)r * Columns), (nint)Table.Memory, Table.Type, Columns, Indices[r], 0, Columns);
        }
    }

    private struct ScatterBody : IElementBody
    {
        public VectorKernels Kernels;
        public float* To;
        public float* From;
        public int* Indices;
        public int Rows;
        public int Columns;

        public readonly void Elements(long first, long count)
        {
            for (long r = 0; r < Rows; r++)
                Kernels.AddScaled(To + ((long)Indices[r] * Columns) + first, From + (r * Columns) + first, 1, count);
        }
    }

    private struct RotaryBody : IRowBody
    {
        public VectorKernels Kernels;
        public float* To;
        public float* X;
        public int* Positions;
        public float* Table;
        public int Columns;
        public int HeadSize;
        public bool Inverse;
        public bool Accumulate;

        public readonly void Rows(int first, int count)
        {
            int half = HeadSize / 2;
            for (int r = first; r < first + count; r++)
            {
                float* cos = Table + ((long)Positions[r] * HeadSize);
                for (long at = (long)r * Columns; at < ((long)r + 1) * Columns; at += HeadSize)
                    Kernels.Rotary(To + at, X + at, cos, cos + half, half, Inverse, Accumulate);
            }
        }
    }
}
