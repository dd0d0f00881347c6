namespace CodeTuner.Tensors.Cpu.Kernels;

/// <summary>
/// The loops of attention over one block of queries and keys, compiled for one register width. Scores lie turned, as
/// (keys, queries): a row holds a key's scores with all queries of a block, so that a softmax runs down the lanes without
/// ever adding up the lanes of a register, and the products take their operands as they lie.
/// </summary>
internal abstract unsafe class AttentionKernels
{
    /// <summary>Columns of blocks come in multiples of this: two registers.</summary>
    public abstract int Columns { get; }

    /// <summary>Rows of blocks come in multiples of this; divides <see cref="Columns"/>.</summary>
    public abstract int Rows { get; }

    /// <summary>C (rows, columns) = or += A · B of whole blocks, nothing of which is packed.</summary>
    /// <param name="c">The first element.</param>
    /// <param name="cStride">Floats from a row of C to the next.</param>
    /// <param name="a">(rows, depth).</param>
    /// <param name="aRow">Floats from a row of A to the next.</param>
    /// <param name="aStep">Floats from a depth of A to the next.</param>
    /// <param name="b">(depth, columns).</param>
    /// <param name="bStride">Floats from a row of B to the next.</param>
    /// <param name="rows">A multiple of <see cref="Rows"/>.</param>
    /// <param name="columns">A multiple of <see cref="Columns"/>.</param>
    /// <param name="depth">Any.</param>
    /// <param name="accumulate">Add to C rather than overwrite.</param>
    public abstract void Multiply(
        float* c, long cStride, float* a, long aRow, long aStep, float* b, long bStride, int rows, int columns, int depth, bool accumulate);

    /// <summary>Makes the scores of keys that a query does not see too low to count.</summary>
    /// <param name="scores">(keys, <see cref="Columns"/>).</param>
    /// <param name="stride">Floats from a row to the next.</param>
    /// <param name="keys">How many.</param>
    /// <param name="firstKey">The first one's number.</param>
    /// <param name="first">The number of the first key that each query sees.</param>
    /// <param name="last">The number of the last one.</param>
    public abstract void Mask(float* scores, long stride, int keys, int firstKey, float* first, float* last);

    /// <summary>
    /// One step of an online softmax (Milakov and Gimelshein 2018, arXiv 1805.02867): scores become exp(score − maximum), and
    /// the maxima and sums of the queries take these keys in.
    /// </summary>
    /// <param name="scores">(keys, <see cref="Columns"/>).</param>
    /// <param name="stride">Floats from a row to the next.</param>
    /// <param name="keys">How many.</param>
    /// <param name="max">Of each query, over all keys so far.</param>
    /// <param name="sum">Likewise.</param>
    /// <param name="factor">Becomes what each query's earlier values have to be multiplied with.</param>
    public abstract void Softmax(float* scores, long stride, int keys, float* max, float* sum, float* factor);

    /// <summary>Scores become probabilities p = exp(score − log-sum-exp), and the gradients of p become those of the scores, p · (gradient − along).</summary>
    /// <param name="scores">(keys, <see cref="Columns"/>).</param>
    /// <param name="gradients">As the scores.</param>
    /// <param name="stride">Floats from a row of either to the next.</param>
    /// <param name="keys">How many.</param>
    /// <param name="logSumExp">Of each query.</param>
    /// <param name="along">Σ output · gradient of each query.</param>
    public abstract void ScoreGradients(float* scores, float* gradients, long stride, int keys, float* logSumExp, float* along);
}
