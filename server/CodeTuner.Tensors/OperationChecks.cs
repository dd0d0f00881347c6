using System.Runtime.CompilerServices;

namespace CodeTuner.Tensors;

/// <summary>What each operation asks of its operands' shapes and types, the same for every backend.</summary>
internal static class OperationChecks
{
    public static void Count(Tensor tensor, int count)
    {
        if (tensor.Shape.Count != count)
            throw new ArgumentException($"A tensor {tensor} was given room for {count} values.");
    }

    public static void Bytes(Tensor tensor, int bytes)
    {
        if (tensor.Type.Bytes(tensor.Shape) != bytes)
            throw new ArgumentException($"A tensor {tensor} takes {tensor.Type.Bytes(tensor.Shape)} bytes, not {bytes}.");
    }

    public static void Floats(Tensor tensor, string name) => Require(tensor.Type == DType.Float32, name, tensor, "must be float32");

    public static void AnyFloats(Tensor tensor, string name) => Require(tensor.Type != DType.Int32, name, tensor, "must hold floats");

    public static void Integers(Tensor tensor, string name) => Require(tensor.Type == DType.Int32, name, tensor, "must hold integers");

    public static void InRange(ReadOnlySpan<int> indices, int limit, string what)
    {
        foreach (int index in indices)
        {
            if ((uint)index >= (uint)limit)
                throw new ArgumentException($"The {what} {index} is not in 0 … {limit - 1}.");
        }
    }

    /// <summary>Each query must see itself, and no key before its sequence's first.</summary>
    public static void FirstKeys(ReadOnlySpan<int> firstKeys, AttentionShape shape)
    {
        for (int i = 0; i < firstKeys.Length; i++)
        {
            int position = shape.Offset + (i % shape.Queries);
            if ((uint)firstKeys[i] > (uint)position)
                throw new ArgumentException($"The first key {firstKeys[i]} of the query at position {position} is not in 0 … {position}.");
        }
    }

    public static void Fill(Tensor into) => AllFloats(into);

    public static void Copy(Tensor into, Tensor from)
    {
        Same(into, from);
        Require(into.Type == from.Type || (into.Type != DType.Int32 && from.Type != DType.Int32), nameof(from), from, $"cannot become {into.Type}");
    }

    public static void CopyRows(Tensor into, int firstRow, Tensor from)
    {
        Require(into.Type == from.Type, nameof(from), from, $"must be {into.Type}");
        Require(into.Shape.Columns == from.Shape.Columns, nameof(from), from, $"must have rows as long as those of {into}");
        Require(firstRow >= 0 && firstRow <= into.Shape.Rows - from.Shape.Rows, nameof(firstRow), from, $"does not fit into {into} from row {firstRow} on");
    }

    public static void Add(Tensor into, Tensor a, Tensor b)
    {
        AllFloats(into, a, b);
        Same(into, a);
        Same(into, b);
    }

    public static void AddScaled(Tensor into, Tensor x)
    {
        AllFloats(into, x);
        Same(into, x);
    }

    public static void AddBias(Tensor into, Tensor x, Tensor bias)
    {
        AllFloats(into, x, bias);
        Same(into, x);
        Vector(bias, x.Shape.Columns);
    }

    public static void SumRows(Tensor into, Tensor x)
    {
        AllFloats(into, x);
        Vector(into, x.Shape.Columns);
    }

    public static void Dropout(Tensor into, Tensor x, float probability)
    {
        AddScaled(into, x);
        if (probability is not (>= 0 and < 1))
            throw new ArgumentException($"The probability {probability} is not in [0, 1).", nameof(probability));
    }

    public static (int M, int N, int K) MatMul(Tensor into, Tensor a, Tensor b, MatMulLayout layout)
    {
        AllFloats(into, a);
        Require(b.Type != DType.Int32 && (layout != MatMulLayout.TN || b.Type == DType.Float32), nameof(b), b, $"cannot be multiplied in {layout}");
        (int m, int k) = layout == MatMulLayout.TN ? (a.Shape.Columns, a.Shape.Rows) : (a.Shape.Rows, a.Shape.Columns);
        (int n, int depth) = layout == MatMulLayout.NT ? (b.Shape.Rows, b.Shape.Columns) : (b.Shape.Columns, b.Shape.Rows);
        Require(k == depth, nameof(b), b, $"does not fit {a} in {layout}");
        Require(into.Shape.Rows == m && into.Shape.Columns == n, nameof(into), into, $"must be ({m}, {n}) for {a} and {b} in {layout}");
        return (m, n, k);
    }

    public static void RmsNorm(Tensor into, Tensor inverseRms, Tensor x, Tensor weight)
    {
        AllFloats(into, x);
        AllFloats(weight, inverseRms);
        Same(into, x);
        Vector(weight, x.Shape.Columns);
        Vector(inverseRms, x.Shape.Rows);
    }

    public static void RmsNormBackward(Tensor? xGradient, Tensor? weightGradient, Tensor yGradient, Tensor x, Tensor weight, Tensor inverseRms)
    {
        AllFloats(x);
        AllFloats(weight, inverseRms);
        Vector(weight, x.Shape.Columns);
        Vector(inverseRms, x.Shape.Rows);
        Gradient(yGradient, x);
        Gradient(xGradient, x);
        Gradient(weightGradient, weight);
    }

    public static void LayerNorm(Tensor into, Tensor mean, Tensor inverseDeviation, Tensor x, Tensor weight, Tensor bias)
    {
        AllFloats(into, x, mean);
        AllFloats(inverseDeviation, weight, bias);
        Same(into, x);
        Vector(weight, x.Shape.Columns);
        Vector(bias, x.Shape.Columns);
        Vector(mean, x.Shape.Rows);
        Vector(inverseDeviation, x.Shape.Rows);
    }

    public static void LayerNormBackward(
        Tensor? xGradient, Tensor? weightGradient, Tensor yGradient, Tensor x, Tensor weight, Tensor mean, Tensor inverseDeviation)
    {
        AllFloats(x, mean);
        AllFloats(inverseDeviation, weight);
        Vector(weight, x.Shape.Columns);
        Vector(mean, x.Shape.Rows);
        Vector(inverseDeviation, x.Shape.Rows);
        Gradient(yGradient, x);
        Gradient(xGradient, x);
        Gradient(weightGradient, weight);
    }

    public static void Rotary(Tensor into, Tensor x, Tensor positions, Tensor table, int headSize)
    {
        AllFloats(into, x, table);
        Integers(positions, nameof(positions));
        Same(into, x);
        Vector(positions, x.Shape.Rows);
        Require(headSize > 0 && headSize % 2 == 0 && x.Shape.Columns % headSize == 0, nameof(headSize), x, $"cannot be cut into heads of {headSize}");
        Require(table.Shape.Columns == headSize, nameof(table), table, $"must have {headSize} columns");
    }

    public static void Attention(Tensor into, Tensor logSumExp, Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape)
    {
        AllFloats(into, logSumExp, query);
        AllFloats(key, value);
        AttentionInputs(query, key, value, firstKey, shape);
        Matrix(into, query.Shape.Rows, query.Shape.Columns);
        Matrix(logSumExp, query.Shape.Rows, shape.QueryHeads);
    }

    public static void AttentionBackward(
        Tensor queryGradient, Tensor keyGradient, Tensor valueGradient, Tensor outputGradient, Tensor output, Tensor logSumExp,
        Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape)
    {
        AllFloats(output, logSumExp, query);
        AllFloats(key, value);
        AttentionInputs(query, key, value, firstKey, shape);
        Matrix(output, query.Shape.Rows, query.Shape.Columns);
        Matrix(logSumExp, query.Shape.Rows, shape.QueryHeads);
        Gradient(queryGradient, query);
        Gradient(keyGradient, key);
        Gradient(valueGradient, value);
        Gradient(outputGradient, output);
    }

    public static void GatedActivation(Tensor into, Tensor gate, Tensor up)
    {
        AllFloats(into, gate, up);
        Same(into, gate);
        Same(up, gate);
    }

    public static void GatedActivationBackward(Tensor gateGradient, Tensor upGradient, Tensor outputGradient, Tensor gate, Tensor up)
    {
        AllFloats(gate, up);
        Same(up, gate);
        Gradient(outputGradient, gate);
        Gradient(gateGradient, gate);
        Gradient(upGradient, up);
    }

    public static void Gather(Tensor into, Tensor table, Tensor indices)
    {
        AllFloats(into);
        Integers(indices, nameof(indices));
        AnyFloats(table, nameof(table));
        Matrix(into, checked((int)indices.Shape.Count), table.Shape.Columns);
    }

    public static void ScatterAdd(Tensor into, Tensor rows, Tensor indices)
    {
        AllFloats(into, rows);
        Integers(indices, nameof(indices));
        Matrix(rows, checked((int)indices.Shape.Count), into.Shape.Columns);
    }

    public static void LinearCrossEntropy(
        Tensor losses, Tensor hidden, Tensor weight, Tensor targets, Tensor? hiddenGradient, Tensor? weightGradient)
    {
        AllFloats(losses, hidden);
        Integers(targets, nameof(targets));
        AnyFloats(weight, nameof(weight));
        Require(weight.Shape.Count > 0 && weight.Shape.Columns == hidden.Shape.Columns, nameof(weight), weight, $"does not fit {hidden}");
        Vector(losses, hidden.Shape.Rows);
        Vector(targets, hidden.Shape.Rows);
        Gradient(hiddenGradient, hidden);
        Gradient(weightGradient, weight);
    }

    public static void SumOfSquares(Tensor into, Tensor x)
    {
        AllFloats(into, x);
        Vector(into, 1);
    }

    public static void AdamW(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment)
    {
        AllFloats(parameter, gradient);
        AllFloats(firstMoment, secondMoment);
        Same(gradient, parameter);
        Same(firstMoment, parameter);
        Same(secondMoment, parameter);
    }

    private static void Gradient(Tensor? gradient, Tensor of, [CallerArgumentExpression(nameof(gradient))] string name = "")
    {
        if (gradient is null)
            return;
        Floats(gradient, name);
        Same(gradient, of, name);
    }

    private static void Same(Tensor a, Tensor b, [CallerArgumentExpression(nameof(a))] string name = "") =>
        Require(a.Shape.Rows == b.Shape.Rows && a.Shape.Columns == b.Shape.Columns, name, a, $"must have the shape of {b}");

    private static void Vector(Tensor tensor, int count, [CallerArgumentExpression(nameof(tensor))] string name = "") =>
        Require(tensor.Shape.Count == count, name, tensor, $"must have {count} elements");

    private static void Matrix(Tensor tensor, long rows, long columns, [CallerArgumentExpression(nameof(tensor))] string name = "") =>
        Require(tensor.Shape.Rows == rows && tensor.Shape.Columns == columns, name, tensor, $"must be ({rows}, {columns})");

    private static void AllFloats(
        Tensor a, Tensor? b = null, Tensor? c = null, [CallerArgumentExpression(nameof(a))] string nameA = "",
        [CallerArgumentExpression(nameof(b))] string nameB = "", [CallerArgumentExpression(nameof(c))] string nameC = "")
    {
        Floats(a, nameA);
        if (b is not null)
            Floats(b, nameB);
        if (c is not null)
            Floats(c, nameC);
    }

    private static void AttentionInputs(Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape)
    {
        if (shape.Batch < 1 || shape.Queries < 1 || shape.Keys < shape.Queries || shape.HeadSize < 1
            || shape.KeyValueHeads < 1 || shape.QueryHeads < 1 || shape.QueryHeads % shape.KeyValueHeads != 0)
        {
            throw new ArgumentException(
                $"There is no attention of {shape.Batch} sequences of {shape.Queries} queries and {shape.Keys} keys with {shape.QueryHeads} query heads, "
                + $"{shape.KeyValueHeads} key heads and a head size of {shape.HeadSize}: none may be 0, the keys are at least the queries, "
                + "and key heads divide query heads.",
                nameof(shape));
        }

        Matrix(query, (long)shape.Batch * shape.Queries, (long)shape.QueryHeads * shape.HeadSize);
        Keys(key, shape);
        Keys(value, shape);
        Require(value.Shape.Rows == key.Shape.Rows, nameof(value), value, $"must have the shape of {key}");
        if (firstKey is not null)
        {
            Integers(firstKey, nameof(firstKey));
            Vector(firstKey, query.Shape.Rows);
        }
    }

    private static void Keys(Tensor tensor, AttentionShape shape, [CallerArgumentExpression(nameof(tensor))] string name = "")
    {
        long rows = (long)shape.Batch * shape.Keys, columns = (long)shape.KeyValueHeads * shape.HeadSize;
        Require(tensor.Shape.Columns == columns, name, tensor, $"must have {columns} columns");
        Require(tensor.Shape.Rows == rows || (shape.Batch == 1 && tensor.Shape.Rows >= rows), name, tensor, $"must have {rows} rows");
    }

    private static void Require(
        bool holds, string name, Tensor tensor, [InterpolatedStringHandlerArgument(nameof(holds))] ref Reason what)
    {
        if (!holds)
            throw new ArgumentException($"The operand {tensor} {what.Text}.", name);
    }

    private static void Require(bool holds, string name, Tensor tensor, string what)
    {
        if (!holds)
            throw new ArgumentException($"The operand {tensor} {what}.", name);
    }

    /// <summary>A message that is put together only where the check fails: checks run in every operation of a step.</summary>
    [InterpolatedStringHandler]
    private readonly struct Reason
    {
        private readonly System.Text.StringBuilder? text;

        public Reason(int literalLength, int holes, bool holds, out bool shouldAppend)
        {
            shouldAppend = !holds;
            text = holds ? null : new System.Text.StringBuilder(literalLength + (8 * holes));
        }

        public string Text => text?.ToString() ?? "";

        public void AppendLiteral(string literal) => text!.Append(literal);

        public void AppendFormatted<T>(T value) => text!.Append(value);
    }
}
