namespace CodeTuner.Tensors.Cpu.Kernels;

/// <summary>
/// The loops over rows and vectors, compiled for one register width. Each method works on plain memory on the calling thread;
/// the operations cut the work into tiles.
/// </summary>
internal abstract unsafe class VectorKernels
{
    /// <summary>to = a + b.</summary>
    public abstract void Add(float* to, float* a, float* b, long count);

    /// <summary>to += scale · x.</summary>
    public abstract void AddScaled(float* to, float* x, float scale, long count);

    /// <summary>to = scale · x.</summary>
    public abstract void Scale(float* to, float* x, float scale, long count);

    /// <summary>Σ a · b.</summary>
    public abstract float Dot(float* a, float* b, int count);

    /// <summary>C (M, N) = or += scale · A · Bᵀ, of dot products with B's rows as they lie: for few rows of A.</summary>
    /// <param name="c">The first element.</param>
    /// <param name="stride">Floats from a row of C to the next.</param>
    /// <param name="a">(M, K).</param>
    /// <param name="b">(N, K).</param>
    /// <param name="type">How B is stored: float32, bfloat16 or float16.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Depth.</param>
    /// <param name="accumulate">Add to C rather than overwrite.</param>
    /// <param name="scale">Multiplied with the product.</param>
    public abstract void DotProducts(
        float* c, long stride, float* a, byte* b, DType type, int m, int n, int k, bool accumulate, float scale);

    /// <summary>s0, s1 = the dot products of two queries with keys. A query alone is given twice, and its scores too.</summary>
    /// <param name="s0">(count): the first query's.</param>
    /// <param name="s1">(count): the second's.</param>
    /// <param name="q0">(head size).</param>
    /// <param name="q1">(head size).</param>
    /// <param name="keys">The first key.</param>
    /// <param name="stride">Floats from a key to the next.</param>
    /// <param name="count">Keys.</param>
    /// <param name="headSize">D.</param>
    public abstract void Scores(float* s0, float* s1, float* q0, float* q1, float* keys, long stride, int count, int headSize);

    /// <summary>to += Σ weight · value, in the values' order.</summary>
    /// <param name="to">(head size).</param>
    /// <param name="weights">(count).</param>
    /// <param name="values">The first value.</param>
    /// <param name="stride">Floats from a value to the next.</param>
    /// <param name="count">Values.</param>
    /// <param name="headSize">D.</param>
    public abstract void AddWeighted(float* to, float* weights, float* values, long stride, int count, int headSize);

    /// <summary>The largest element; −∞ of none.</summary>
    public abstract float Max(float* x, int count);

    /// <summary>x = exp(x − shift); the result is the sum.</summary>
    public abstract float ExpSum(float* x, float shift, int count);

    /// <summary>Σ x² in double, of a short stretch.</summary>
    public abstract double SumOfSquares(float* x, long count);

    /// <summary>One row of <see cref="Backend.RmsNorm"/>; the result is 1 / √(mean(x²) + ε).</summary>
    public abstract float RmsNorm(float* y, float* x, float* weight, int columns, float epsilon);

    /// <summary>One row of the input gradient of <see cref="Backend.RmsNorm"/>.</summary>
    public abstract void RmsNormBackward(float* dx, float* dy, float* x, float* weight, float inverseRms, int columns, bool accumulate);

    /// <summary>One row of <see cref="Backend.LayerNorm"/>.</summary>
    public abstract void LayerNorm(float* y, float* x, float* weight, float* bias, int columns, float epsilon, out float mean, out float inverseDeviation);

    /// <summary>One row of the input gradient of <see cref="Backend.LayerNorm"/>.</summary>
    public abstract void LayerNormBackward(
        float* dx, float* dy, float* x, float* weight, float mean, float inverseDeviation, int columns, bool accumulate);

    /// <summary>to += scale · (x − mean) · dy: a row's part in the gradient of a norm's weight.</summary>
    public abstract void AddProduct(float* to, float* dy, float* x, float mean, float scale, int columns);

    /// <summary>One head of <see cref="Backend.Rotary"/>.</summary>
    public abstract void Rotary(float* to, float* x, float* cos, float* sin, int half, bool inverse, bool accumulate);

    /// <summary>to = f(gate) · up.</summary>
    public abstract void Gated(float* to, float* gate, float* up, Activation activation, long count);

    /// <summary>The gradients of <see cref="Gated"/>.</summary>
    public abstract void GatedBackward(float* dGate, float* dUp, float* dy, float* gate, float* up, Activation activation, long count);

    /// <summary>A stretch of <see cref="Backend.AdamW"/>.</summary>
    public abstract void AdamW(float* parameter, float* gradient, float* first, float* second, in AdamWStep step, long count);
}
