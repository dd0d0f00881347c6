using System.Runtime.InteropServices;
using CodeTuner.Tensors.Ggml.Graphs;

namespace CodeTuner.Tensors.Ggml;

public sealed partial class GgmlBackend
{
    private const int NodesOfAPiece = 64;
    private const int KeyStep = 256;
    private static readonly ushort Masked = BitConverter.HalfToUInt16Bits(Half.NegativeInfinity);
    private readonly Dictionary<(GgmlValue? FirstKey, int Batch, int Queries, int Keys, int Columns), GgmlValue> masks = [];

    /// <inheritdoc/>
    public override void Attention(Tensor into, Tensor logSumExp, Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape)
    {
        OperationChecks.Attention(into, logSumExp, query, key, value, firstKey, shape);
        AttentionShape asked = shape;
        shape = WithSpareKeys(asked, key.Shape.Rows);
        GgmlValue? mask = Mask(firstKey, asked, shape.Keys, isCache: key.Shape.Rows > asked.Batch * asked.Keys);
        GgmlValue[] inputs = [In(query), In(key), In(value), .. Given(mask)];
        int maskInput = mask is null ? -1 : 3;
        Record(GgmlOperation.Attention, Numbers(shape), inputs, [into, logSumExp], g =>
        {
            List<Node> outputs = [], sums = [];
            foreach ((int first, int count) in Batches(shape))
            {
                List<Node> heads = [], headSums = [];
                foreach ((int firstHead, int headCount) in Heads(shape))
                {
                    AttentionPiece piece = new(g, shape, first, count, firstHead, headCount);
                    (Node scores, Node weights) = piece.Weights(g.In(0), g.In(1), maskInput);
                    heads.Add(g.Now(piece.ToRows(piece.Attend(weights, g.In(2)), isQuery: true)));
                    headSums.Add(g.IsNeeded(1) ? g.Now(piece.LogSumExp(scores, weights)) : default);
                }

                outputs.Add(g.Nodes.Join(heads, 1)); // (D, Hq, T, B)
                sums.Add(g.IsNeeded(1) ? g.Nodes.Join(headSums, 0) : default); // (Hq, T, B)
            }

            long rows = (long)shape.Batch * shape.Queries;
            g.Out(0, g.Nodes.Reshape(g.Nodes.Join(outputs, 3), shape.QueryHeads * shape.HeadSize, rows));
            if (g.IsNeeded(1))
                g.Out(1, g.Nodes.Reshape(g.Nodes.Join(sums, 2), shape.QueryHeads, rows));
        }, NodesOfAPiece * Pieces(shape));
    }

    /// <inheritdoc/>
    public override void AttentionBackward(
        Tensor queryGradient, Tensor keyGradient, Tensor valueGradient,
        Tensor outputGradient, Tensor output, Tensor logSumExp,
        Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape)
    {
        OperationChecks.AttentionBackward(
            queryGradient, keyGradient, valueGradient, outputGradient, output, logSumExp, query, key, value, firstKey, shape);

        GgmlValue? mask = Mask(firstKey, shape, shape.Keys, isCache: false);

        // Rows beyond the keys of a cache get no gradient.
        int spare = key.Shape.Rows - (shape.Batch * shape.Keys);
        GgmlValue? zeros = spare == 0 ? null : Extra(DType.Float32, new Shape(spare, key.Shape.Columns), new byte[spare * (long)key.Shape.Columns * sizeof(float)]);
        GgmlValue[] inputs = [In(query), In(key), In(value), In(outputGradient), .. Given(mask), .. Given(zeros)];
        int maskInput = mask is null ? -1 : 4;
        Record(GgmlOperation.AttentionBackward, Numbers(shape), inputs, [queryGradient, keyGradient, valueGradient], g =>
        {
            List<Node> queries = [], keys = [], values = [];
            foreach ((int first, int count) in Batches(shape))
            {
                List<Node> queryHeads = [], keyHeads = [], valueHeads = [];
                foreach ((int firstHead, int headCount) in Heads(shape))
                {
                    AttentionPiece piece = new(g, shape, first, count, firstHead, headCount);
                    (_, Node weights) = piece.Weights(g.In(0), g.In(1), maskInput);
                    (Node dq, Node dk, Node dv) = piece.Back(weights, g.In(0), g.In(1), g.In(2), g.In(3));
                    queryHeads.Add(g.Now(piece.ToRows(dq, isQuery: true)));
                    keyHeads.Add(g.Now(piece.ToRows(dk, isQuery: false)));
                    valueHeads.Add(g.Now(piece.ToRows(dv, isQuery: false)));
                }

                queries.Add(g.Nodes.Join(queryHeads, 1));
                keys.Add(g.Nodes.Join(keyHeads, 1));
                values.Add(g.Nodes.Join(valueHeads, 1));
            }

            long queryRows = (long)shape.Batch * shape.Queries, keyRows = (long)shape.Batch * shape.Keys;
            g.Out(0, g.Nodes.Reshape(g.Nodes.Join(queries, 3), shape.QueryHeads * shape.HeadSize, queryRows));
            Node WithSpare(List<Node> pieces)
            {
                Node rows = g.Nodes.Reshape(g.Nodes.Join(pieces, 3), shape.KeyValueHeads * shape.HeadSize, keyRows);
                return zeros is null ? rows : g.Nodes.Concat(rows, g.In(g.InputCount - 1), 1);
            }

            g.Out(1, WithSpare(keys));
            g.Out(2, WithSpare(values));
        }, 2 * NodesOfAPiece * Pieces(shape));
    }

    /// <summary>
    /// The keys of a cache are taken up to the next <see cref="KeyStep"/>, those that are not there yet masked: so decoding
    /// runs the same graph at every position. What lies in those rows must be numbers, which <see cref="CopyRows"/> sees to.
    /// </summary>
    private static AttentionShape WithSpareKeys(AttentionShape shape, int keyRows) =>
        shape.Batch == 1 ? shape with { Keys = Math.Min(keyRows, (shape.Keys + KeyStep - 1) / KeyStep * KeyStep) } : shape;

    private static int[] Numbers(AttentionShape shape) =>
        [shape.Batch, shape.Queries, shape.Keys, shape.QueryHeads, shape.KeyValueHeads, shape.HeadSize, Bits(shape.Scale)];

    private static GgmlValue[] Given(GgmlValue? value) => value is null ? [] : [value];

    /// <summary>The sequences of a batch, as many at a time as the scores may take room.</summary>
    private IEnumerable<(int First, int Count)> Batches(AttentionShape shape)
    {
        int step = (int)Math.Clamp(options.ScratchBytes / ScoreBytes(shape, shape.KeyValueHeads), 1, shape.Batch);
        for (int first = 0; first < shape.Batch; first += step)
            yield return (first, Math.Min(step, shape.Batch - first));
    }

    /// <summary>The key heads of a sequence, as many at a time as the scores may take room.</summary>
    private IEnumerable<(int First, int Count)> Heads(AttentionShape shape)
    {
        int step = (int)Math.Clamp(options.ScratchBytes / ScoreBytes(shape, 1), 1, shape.KeyValueHeads);
        for (int first = 0; first < shape.KeyValueHeads; first += step)
            yield return (first, Math.Min(step, shape.KeyValueHeads - first));
    }

    private int Pieces(AttentionShape shape) => Batches(shape).Count() * Heads(shape).Count();

    private static long ScoreBytes(AttentionShape shape, int keyHeads) => Math.Max(1, (long)shape.Queries * shape.Keys * shape.Group * keyHeads * sizeof(float));

    /// <summary>
    /// Which keys each query sees, as what is added to its scores: (S, T) for all sequences alike, else (S, T, 1, B).
    /// None is needed where a single query sees everything. All layers of a step share it.
    /// </summary>
    /// <param name="firstKey">The first key of each query.</param>
    /// <param name="shape">The sizes that were asked for.</param>
    /// <param name="columns">S, which is more where spare keys are taken along.</param>
    /// <param name="isCache">Whether there are spare keys: then a mask is always made, so that the graph stays the same.</param>
    private GgmlValue? Mask(Tensor? firstKey, AttentionShape shape, int columns, bool isCache)
    {
        int[]? first = firstKey is null ? null : Integers(firstKey);
        if (first is not null)
            OperationChecks.FirstKeys(first, shape);
        else if (shape.Queries == 1 && !isCache)
            return null;
        if (recording.IsEmpty)
            masks.Clear();
        var key = (firstKey is null ? null : Of(firstKey).Value, first is null ? 1 : shape.Batch, shape.Queries, shape.Keys, columns);
        if (masks.TryGetValue(key, out GgmlValue? known) && known.Slot >= 0)
            return known;
        int rows = (first is null ? 1 : shape.Batch) * shape.Queries;
        ushort[] values = new ushort[rows * (long)columns];
        for (int row = 0; row < rows; row++)
        {
            Span<ushort> of = values.AsSpan(row * columns, columns);
            of[..(first?[row] ?? 0)].Fill(Masked);
            of[(shape.Offset + (row % shape.Queries) + 1)..].Fill(Masked);
        }

        return masks[key] = Extra(DType.Float16, new Shape(rows, columns), MemoryMarshal.AsBytes<ushort>(values));
    }
}
