using System.Runtime.InteropServices;
using CodeTuner.Tensors.Ggml.Graphs;
using CodeTuner.Tensors.Ggml.Native;

namespace CodeTuner.Tensors.Ggml;

public sealed partial class GgmlBackend
{
    private readonly Dictionary<(int First, int Count), GgmlValue> rowPlaces = [];

    /// <inheritdoc/>
    public override void Fill(Tensor into, float value)
    {
        OperationChecks.Fill(into);
        float[] values = new float[into.Shape.Count];
        Array.Fill(values, value);
        Store(Of(into), MemoryMarshal.AsBytes<float>(values));
    }

    /// <inheritdoc/>
    public override void Copy(Tensor into, Tensor from)
    {
        OperationChecks.Copy(into, from);
        if (into.Shape.Count == 0)
            return;
        if (into.Type == DType.Int32)
        {
            StoreIntegers(Of(into), [.. Integers(from)]);
            return;
        }

        if (into.Type.IsQuantised() && from.Type != into.Type)
        {
            // Quantised once, when a model is loaded: by this program's own rounding, so that all devices hold the same bytes.
            float[] values = new float[from.Shape.Count];
            Read(from, values);
            Write(into, values);
            return;
        }

        GgmlType type = NativeTypes.Of(into.Type);
        Record(GgmlOperation.Copy, [], [In(from)], [into], g =>
        {
            Node x = g.In(0);

            // Types are converted through float32: no device knows all pairs.
            Node converted = x.Type == type ? g.Nodes.Contiguous(x) : g.Nodes.Cast(g.Nodes.Cast(x, GgmlType.F32), type);
            g.Out(0, converted);
        });
    }

    /// <inheritdoc/>
    public override void CopyRows(Tensor into, int firstRow, Tensor from)
    {
        OperationChecks.CopyRows(into, firstRow, from);
        if (from.Shape.Count == 0)
            return;
        if (into.Type == DType.Int32)
        {
            int[] values = [.. Integers(into)];
            Integers(from).CopyTo(values, firstRow * into.Shape.Columns);
            StoreIntegers(Of(into), values);
            return;
        }

        if (into.Type.IsQuantised())
        {
            // Its rows begin at odd places, which Vulkan's copies can not address.
            byte[] all = new byte[into.Type.Bytes(into.Shape)], part = new byte[from.Type.Bytes(from.Shape)];
            ReadBytes(into, all);
            ReadBytes(from, part);
            part.CopyTo(all, into.Type.RowBytes(into.Shape.Columns) * firstRow);
            WriteBytes(into, all);
            return;
        }

        if (into.Type == DType.Float32)
        {
            CopyFloatRows(into, firstRow, from);
            return;
        }

        Record(GgmlOperation.CopyRows, [firstRow], [In(into), In(from)], [into], g =>
        {
            Node to = g.In(0), rows = g.In(1);
            g.Effects.Add(g.Nodes.CopyInto(rows, g.Nodes.Rows(to, g.Number(0), rows.Ne(1))));
            g.OutInPlace(0, to);
        });
    }

    /// <summary>Where the rows go is an operand, so that a cache grows by the same graph at every position.</summary>
    private void CopyFloatRows(Tensor into, int firstRow, Tensor from)
    {
        if (Of(into).Value is null)
            Fill(into, 0); // attention reads a cache beyond what was copied there, and masks it
        GgmlValue places = RowPlaces(firstRow, from.Shape.Rows);
        Record(GgmlOperation.CopyRows, [], [In(into), In(from), places], [into], g =>
        {
            Node to = g.In(0);
            g.Effects.Add(g.Nodes.SetRows(to, g.In(1), g.In(2)));
            g.OutInPlace(0, to);
        });
    }

    /// <summary>The numbers of rows in a run; all layers of a step share them.</summary>
    private GgmlValue RowPlaces(int first, int count)
    {
        if (recording.IsEmpty)
            rowPlaces.Clear();
        if (rowPlaces.TryGetValue((first, count), out GgmlValue? known) && known.Slot >= 0)
            return known;
        int[] places = [.. Enumerable.Range(first, count)];
        return rowPlaces[(first, count)] = Extra(DType.Int32, new Shape(count), MemoryMarshal.AsBytes<int>(places));
    }

    /// <inheritdoc/>
    public override void Add(Tensor into, Tensor a, Tensor b)
    {
        OperationChecks.Add(into, a, b);
        if (into.Shape.Count > 0)
            Record(GgmlOperation.Add, [], [In(a), In(b)], [into], g => g.Out(0, g.Nodes.Add(g.In(0), g.In(1))));
    }

    /// <inheritdoc/>
    public override void AddScaled(Tensor into, Tensor x, float scale)
    {
        OperationChecks.AddScaled(into, x);
        if (into.Shape.Count > 0)
            Record(GgmlOperation.AddScaled, [Bits(scale)], [In(into), In(x)], [into], g => g.Out(0, g.Nodes.Add(g.In(0), g.Nodes.Scale(g.In(1), g.Single(0)))));
    }

    /// <inheritdoc/>
    public override void AddBias(Tensor into, Tensor x, Tensor bias)
    {
        OperationChecks.AddBias(into, x, bias);
        if (into.Shape.Count > 0)
            Record(GgmlOperation.AddBias, [], [In(x), In(bias)], [into], g => g.Out(0, g.Nodes.Add(g.In(0), Vector(g, 1))));
    }

    /// <inheritdoc/>
    public override void SumRows(Tensor into, Tensor x, bool accumulate)
    {
        OperationChecks.SumRows(into, x);
        if (x.Shape.Rows == 0)
        {
            if (!accumulate)
                Fill(into, 0);
            return;
        }

        RecordSum(GgmlOperation.SumRows, [], [In(x)], into, accumulate, g => g.Nodes.SumColumns(g.In(0)));
    }

    /// <inheritdoc/>
    public override void Dropout(Tensor into, Tensor x, float probability, ulong seed)
    {
        OperationChecks.Dropout(into, x, probability);
        if (into.Shape.Count == 0)
            return;
        float[] factors = new float[into.Shape.Count];
        DropoutMask mask = new(probability, seed);
        for (int i = 0; i < factors.Length; i++)
            factors[i] = mask.Factor(i);
        GgmlValue kept = Extra(DType.Float32, into.Shape, MemoryMarshal.AsBytes<float>(factors));
        Record(GgmlOperation.Dropout, [], [In(x), kept], [into], g => g.Out(0, g.Nodes.Mul(g.In(0), g.In(1))));
    }

    /// <summary>Records an operation whose one result may be added to what is there.</summary>
    private void RecordSum(GgmlOperation name, int[] numbers, GgmlValue[] inputs, Tensor into, bool accumulate, Func<OperationNodes, Node> build, int nodeLimit = 48)
    {
        if (accumulate)
            inputs = [.. inputs, In(into)];
        Record(name, [.. numbers, accumulate ? 1 : 0], inputs, [into], g =>
        {
            Node sum = build(g);
            g.Out(0, accumulate ? Accumulated(g, g.InputCount - 1, sum) : sum);
        }, nodeLimit);
    }

    /// <summary>What is there plus a result of as many elements.</summary>
    private static Node Accumulated(OperationNodes g, int there, Node result)
    {
        Node before = g.In(there);
        bool sameShape = before.Ne(0) == result.Ne(0) && before.Ne(1) == result.Ne(1) && result.Ne(2) == 1 && result.Ne(3) == 1;
        return g.Nodes.Add(before, sameShape ? result : g.Nodes.Reshape(result, before.Ne(0), before.Ne(1)));
    }

    /// <summary>An operand as one row, however its shape was written.</summary>
    private static Node Vector(OperationNodes g, int input)
    {
        Node x = g.In(input);
        return x.Ne(1) == 1 ? x : g.Nodes.Reshape(x, x.Count);
    }
}
