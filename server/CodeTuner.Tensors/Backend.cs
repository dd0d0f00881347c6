namespace CodeTuner.Tensors;

/// <summary>
/// The seam where arithmetic is dispatched: memory and about twenty fused operations, each with its backward.
/// </summary>
/// <remarks>
/// <para>
/// A backend may defer. Every operation returns at once, and its result is certain to be there only once it is read
/// or <see cref="Flush"/> has returned; so an eager CPU kernel and a graph that is sent to a device whole both fit.
/// A caller never sees the difference, because values leave a backend only through its Read methods.
/// </para>
/// <para>
/// Operations write into tensors that the caller allocated. Where one takes <c>accumulate</c>, false overwrites
/// what is there and true adds to it. Matrices are row-major; tensors of more dimensions are taken as
/// <see cref="Shape.Rows"/> × <see cref="Shape.Columns"/>. Results and float operands are float32 unless said otherwise.
/// Operands never overlap results, unless an operation says that it works in place.
/// </para>
/// <para>Shapes that do not fit are a mistake of the caller and give an <see cref="ArgumentException"/>.</para>
/// <para>One caller at a time.</para>
/// </remarks>
public abstract class Backend : IDisposable
{
    /// <summary>A name for people, such as "CPU (AVX-512, 2 threads)".</summary>
    public abstract string Name { get; }

    /// <summary>Bytes of tensors handed out and not yet released.</summary>
    public abstract long AllocatedBytes { get; }

    /// <summary>
    /// Up to so many rows (tokens of one sequence), each gets in every forward operation, bit for bit, what it gets in one of its own:
    /// so a few tokens can be worked out at once without anything being changed by it.
    /// </summary>
    public virtual int IndependentRows => 1;

    // Memory

    /// <summary>A tensor whose contents are undefined, from the backend's pool.</summary>
    public abstract Tensor Allocate(Shape shape, DType type = DType.Float32);

    /// <summary>Gives a tensor back to the pool; the handle must not be used again.</summary>
    public abstract void Release(Tensor tensor);

    /// <summary>Stores <paramref name="values"/>, rounding them to the tensor's type.</summary>
    public abstract void Write(Tensor into, ReadOnlySpan<float> values);

    /// <summary>Stores integers into an <see cref="DType.Int32"/> tensor.</summary>
    public abstract void Write(Tensor into, ReadOnlySpan<int> values);

    /// <summary>Stores bytes that are already in the tensor's type and layout.</summary>
    public abstract void WriteBytes(Tensor into, ReadOnlySpan<byte> bytes);

    /// <summary>Waits for the tensor and reads it as float32.</summary>
    public abstract void Read(Tensor from, Span<float> values);

    /// <summary>Waits for the tensor and reads its bytes as they are stored.</summary>
    public abstract void ReadBytes(Tensor from, Span<byte> bytes);

    /// <summary>Waits until everything asked for so far is done.</summary>
    public abstract void Flush();

    /// <summary>Gives memory back that no tensor uses at the moment, such as while a run pauses. Where nothing is kept, nothing happens.</summary>
    public virtual void ReleaseUnused()
    {
    }

    // Element-wise

    /// <summary>Sets every element.</summary>
    public abstract void Fill(Tensor into, float value);

    /// <summary>Copies, converting between storage types: quantises and dequantises.</summary>
    public abstract void Copy(Tensor into, Tensor from);

    /// <summary>Copies the rows of <paramref name="from"/> over those of <paramref name="into"/> from <paramref name="firstRow"/> on (a KV cache grows so).</summary>
    public abstract void CopyRows(Tensor into, int firstRow, Tensor from);

    /// <summary>into = a + b, element by element. May work in place on a or b.</summary>
    public abstract void Add(Tensor into, Tensor a, Tensor b);

    /// <summary>into += scale · x.</summary>
    public abstract void AddScaled(Tensor into, Tensor x, float scale);

    /// <summary>into (R, C) = x (R, C) + bias (C). May work in place on x.</summary>
    public abstract void AddBias(Tensor into, Tensor x, Tensor bias);

    /// <summary>into (C) = Σ over rows of x (R, C): the gradient of a bias.</summary>
    public abstract void SumRows(Tensor into, Tensor x, bool accumulate);

    /// <summary>
    /// Keeps each element with probability 1 − <paramref name="probability"/>, divided by that, and zeroes the others.
    /// Which are kept depends on <paramref name="seed"/> and the element's index alone, so that the backward pass is
    /// the same call on the gradient. May work in place.
    /// </summary>
    public abstract void Dropout(Tensor into, Tensor x, float probability, ulong seed);

    // Linear layers

    /// <summary>
    /// into = scale · (A · B in the given layout), added to what is there where <paramref name="accumulate"/>.
    /// B may be stored in any float type; A and the result are float32. In Q8_0 the blocks run along B's rows.
    /// </summary>
    public abstract void MatMul(Tensor into, Tensor a, Tensor b, MatMulLayout layout, bool accumulate = false, float scale = 1);

    // Normalisation

    /// <summary>Root-mean-square normalisation of rows, y = x / √(mean(x²) + ε) · w (Zhang and Sennrich 2019, arXiv 1910.07467).</summary>
    /// <param name="into">y (R, C).</param>
    /// <param name="inverseRms">(R): 1 / √(mean(x²) + ε), kept for the backward pass.</param>
    /// <param name="x">(R, C).</param>
    /// <param name="weight">(C).</param>
    /// <param name="epsilon">ε.</param>
    public abstract void RmsNorm(Tensor into, Tensor inverseRms, Tensor x, Tensor weight, float epsilon);

    /// <summary>The gradients of <see cref="RmsNorm"/>.</summary>
    /// <param name="xGradient">(R, C), or null where it is not wanted.</param>
    /// <param name="accumulateX">Whether to add to <paramref name="xGradient"/>.</param>
    /// <param name="weightGradient">(C), or null where the weight is frozen.</param>
    /// <param name="accumulateWeight">Whether to add to <paramref name="weightGradient"/>.</param>
    /// <param name="yGradient">(R, C).</param>
    /// <param name="x">(R, C) as in the forward pass.</param>
    /// <param name="weight">(C).</param>
    /// <param name="inverseRms">(R) from the forward pass.</param>
    public abstract void RmsNormBackward(
        Tensor? xGradient, bool accumulateX, Tensor? weightGradient, bool accumulateWeight,
        Tensor yGradient, Tensor x, Tensor weight, Tensor inverseRms);

    /// <summary>Layer normalisation of rows, y = (x − mean) / √(variance + ε) · w + b (Ba et al. 2016, arXiv 1607.06450).</summary>
    /// <param name="into">y (R, C).</param>
    /// <param name="mean">(R), kept for the backward pass.</param>
    /// <param name="inverseDeviation">(R): 1 / √(variance + ε), kept for the backward pass.</param>
    /// <param name="x">(R, C).</param>
    /// <param name="weight">(C).</param>
    /// <param name="bias">(C).</param>
    /// <param name="epsilon">ε.</param>
    public abstract void LayerNorm(Tensor into, Tensor mean, Tensor inverseDeviation, Tensor x, Tensor weight, Tensor bias, float epsilon);

    /// <summary>The gradients of <see cref="LayerNorm"/>; that of the bias is <see cref="SumRows"/> of <paramref name="yGradient"/>.</summary>
    /// <param name="xGradient">(R, C), or null where it is not wanted.</param>
    /// <param name="accumulateX">Whether to add to <paramref name="xGradient"/>.</param>
    /// <param name="weightGradient">(C), or null where the weight is frozen.</param>
    /// <param name="accumulateWeight">Whether to add to <paramref name="weightGradient"/>.</param>
    /// <param name="yGradient">(R, C).</param>
    /// <param name="x">(R, C) as in the forward pass.</param>
    /// <param name="weight">(C).</param>
    /// <param name="mean">(R) from the forward pass.</param>
    /// <param name="inverseDeviation">(R) from the forward pass.</param>
    public abstract void LayerNormBackward(
        Tensor? xGradient, bool accumulateX, Tensor? weightGradient, bool accumulateWeight,
        Tensor yGradient, Tensor x, Tensor weight, Tensor mean, Tensor inverseDeviation);

    // Attention

    /// <summary>
    /// Rotary position embedding in Hugging Face's halves convention: each head's element i and i + D/2 are a pair that
    /// is turned by position · frequency i (Su et al. 2021, arXiv 2104.09864).
    /// </summary>
    /// <param name="into">(R, H·D). May be <paramref name="x"/>.</param>
    /// <param name="x">(R, H·D).</param>
    /// <param name="positions">(R) integers.</param>
    /// <param name="table">(P, D): row p holds cos of position p's D/2 angles, then their sin.</param>
    /// <param name="headSize">D, even.</param>
    /// <param name="inverse">Turn back instead: the backward pass.</param>
    /// <param name="accumulate">Whether to add to <paramref name="into"/>.</param>
    public abstract void Rotary(Tensor into, Tensor x, Tensor positions, Tensor table, int headSize, bool inverse = false, bool accumulate = false);

    /// <summary>
    /// Causal grouped-query attention that never holds the scores of all pairs (Dao et al. 2022, arXiv 2205.14135).
    /// Query t of a sequence sees the keys from <c>firstKey[t]</c> up to its own position.
    /// </summary>
    /// <param name="into">(B·T, Hq·D).</param>
    /// <param name="logSumExp">(B·T, Hq): log Σ exp of the scaled scores, kept for the backward pass.</param>
    /// <param name="query">(B·T, Hq·D).</param>
    /// <param name="key">(B·S, Hkv·D); where B is 1 it may have more rows, which are not read.</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <param name="firstKey">(B·T) integers: the first key of its sequence that each query sees; null means 0.</param>
    /// <param name="shape">The sizes.</param>
    public abstract void Attention(Tensor into, Tensor logSumExp, Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape);

    /// <summary>The gradients of <see cref="Attention"/>, overwriting what is there; scores are computed again, block by block.</summary>
    /// <param name="queryGradient">(B·T, Hq·D).</param>
    /// <param name="keyGradient">(B·S, Hkv·D).</param>
    /// <param name="valueGradient">(B·S, Hkv·D).</param>
    /// <param name="outputGradient">(B·T, Hq·D).</param>
    /// <param name="output">(B·T, Hq·D) from the forward pass.</param>
    /// <param name="logSumExp">(B·T, Hq) from the forward pass.</param>
    /// <param name="query">As in the forward pass.</param>
    /// <param name="key">As in the forward pass.</param>
    /// <param name="value">As in the forward pass.</param>
    /// <param name="firstKey">As in the forward pass.</param>
    /// <param name="shape">The sizes.</param>
    public abstract void AttentionBackward(
        Tensor queryGradient, Tensor keyGradient, Tensor valueGradient,
        Tensor outputGradient, Tensor output, Tensor logSumExp,
        Tensor query, Tensor key, Tensor value, Tensor? firstKey, AttentionShape shape);

    // MLP

    /// <summary>into = f(gate) · up, element by element (Shazeer 2020, arXiv 2002.05202).</summary>
    public abstract void GatedActivation(Tensor into, Tensor gate, Tensor up, Activation activation);

    /// <summary>The gradients of <see cref="GatedActivation"/>, overwriting what is there. May work in place on gate and up.</summary>
    public abstract void GatedActivationBackward(Tensor gateGradient, Tensor upGradient, Tensor outputGradient, Tensor gate, Tensor up, Activation activation);

    // Rows by index

    /// <summary>Row i of <paramref name="into"/> (N, C) = row <c>indices[i]</c> of <paramref name="table"/>, in any float type: an embedding.</summary>
    public abstract void Gather(Tensor into, Tensor table, Tensor indices);

    /// <summary>Row <c>indices[i]</c> of <paramref name="into"/> += row i of <paramref name="rows"/>, in the order of i: the gradient of <see cref="Gather"/>.</summary>
    public abstract void ScatterAdd(Tensor into, Tensor rows, Tensor indices);

    // Loss

    /// <summary>
    /// The output layer and its cross-entropy in one, chunk by chunk, so that the logits of all rows are never held;
    /// the gradients come in the same pass (as in Liger's fused linear cross-entropy, arXiv 2410.10989).
    /// </summary>
    /// <param name="losses">(N): −log softmax(hidden · weightᵀ)[target] in nats.</param>
    /// <param name="hidden">(N, C).</param>
    /// <param name="weight">(V, C), in any float type.</param>
    /// <param name="targets">(N) integers in 0..V−1.</param>
    /// <param name="gradientScale">What the gradients are multiplied with, such as 1 / counted tokens.</param>
    /// <param name="hiddenGradient">(N, C), overwritten; null where no gradient is wanted.</param>
    /// <param name="weightGradient">(V, C), or null where the weight is frozen.</param>
    /// <param name="accumulateWeight">Whether to add to <paramref name="weightGradient"/>.</param>
    public abstract void LinearCrossEntropy(
        Tensor losses, Tensor hidden, Tensor weight, Tensor targets, float gradientScale,
        Tensor? hiddenGradient, Tensor? weightGradient, bool accumulateWeight);

    // Optimizer

    /// <summary>into (1) = Σ x², added to what is there where <paramref name="accumulate"/>.</summary>
    public abstract void SumOfSquares(Tensor into, Tensor x, bool accumulate);

    /// <summary>One step of AdamW with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101), in place.</summary>
    /// <param name="parameter">θ, float32.</param>
    /// <param name="gradient">g.</param>
    /// <param name="firstMoment">m, updated.</param>
    /// <param name="secondMoment">v, updated.</param>
    /// <param name="step">Rates and coefficients of this step.</param>
    public abstract void AdamW(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, AdamWStep step);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the backend's memory; its tensors must not be used afterwards.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
