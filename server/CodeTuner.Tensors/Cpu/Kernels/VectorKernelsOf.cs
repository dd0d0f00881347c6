using System.Runtime.CompilerServices;
using CodeTuner.Tensors.Cpu.Simd;

namespace CodeTuner.Tensors.Cpu.Kernels;

/// <summary><see cref="VectorKernels"/> for registers of <typeparamref name="T"/>.</summary>
internal sealed unsafe partial class VectorKernelsOf<T> : VectorKernels
    where T : struct, ISimd<T>
{
    private static int W => T.Width;

    public override void Add(float* to, float* a, float* b, long count)
    {
        long i = 0;
        for (; i + W <= count; i += W)
            T.Store(T.Load(a + i) + T.Load(b + i), to + i);
        for (; i < count; i++)
            to[i] = a[i] + b[i];
    }

    public override void AddScaled(float* to, float* x, float scale, long count)
    {
        T factor = T.Broadcast(scale);
        long i = 0;
        for (; i + W <= count; i += W)
            T.Store(T.MultiplyAdd(factor, T.Load(x + i), T.Load(to + i)), to + i);
        for (; i < count; i++)
            to[i] += scale * x[i];
    }

    public override void Scale(float* to, float* x, float scale, long count)
    {
        T factor = T.Broadcast(scale);
        long i = 0;
        for (; i + W <= count; i += W)
            T.Store(factor * T.Load(x + i), to + i);
        for (; i < count; i++)
            to[i] = scale * x[i];
    }

    public override float Dot(float* a, float* b, int count) => Dot<Float32Element<T>>(a, b, count);

    public override float Max(float* x, int count)
    {
        int i = 0;
        float max = float.NegativeInfinity;
        if (count >= W)
        {
            T best = T.Load(x);
            for (i = W; i + W <= count; i += W)
                best = T.Max(best, T.Load(x + i));
            max = T.MaxLane(best);
        }

        for (; i < count; i++)
            max = Math.Max(max, x[i]);
        return max;
    }

    public override float ExpSum(float* x, float shift, int count)
    {
        T by = T.Broadcast(shift), total = T.Zero;
        int i = 0;
        for (; i + W <= count; i += W)
        {
            T value = Exponential.Of(T.Load(x + i) - by);
            T.Store(value, x + i);
            total += value;
        }

        float sum = T.Sum(total);
        for (; i < count; i++)
            sum += x[i] = MathF.Exp(x[i] - shift);
        return sum;
    }

    public override double SumOfSquares(float* x, long count)
    {
        double sum = 0;
        long i = 0;

        // Short runs in float, added up in double: neither slow nor inexact for millions of elements.
        while (i + W <= count)
        {
            T part = T.Zero;
            long end = Math.Min(count, i + (64L * W));
            for (; i + W <= end; i += W)
            {
                T value = T.Load(x + i);
                part = T.MultiplyAdd(value, value, part);
            }

            sum += T.Sum(part);
        }

        for (; i < count; i++)
            sum += (double)x[i] * x[i];
        return sum;
    }

    public override float RmsNorm(float* y, float* x, float* weight, int columns, float epsilon)
    {
        float inverse = 1 / MathF.Sqrt((Dot(x, x, columns) / columns) + epsilon);
        T factor = T.Broadcast(inverse);
        int i = 0;
        for (; i + W <= columns; i += W)
            T.Store(T.Load(x + i) * factor * T.Load(weight + i), y + i);
        for (; i < columns; i++)
            y[i] = x[i] * inverse * weight[i];
        return inverse;
    }

    // dx = r · (w·dy) − x · r³ / C · Σ (w·dy·x), r the inverse root mean square.
    public override void RmsNormBackward(float* dx, float* dy, float* x, float* weight, float inverseRms, int columns, bool accumulate)
    {
        T sum = T.Zero;
        int i = 0;
        for (; i + W <= columns; i += W)
            sum = T.MultiplyAdd(T.Load(dy + i) * T.Load(weight + i), T.Load(x + i), sum);
        float dot = T.Sum(sum);
        for (; i < columns; i++)
            dot += dy[i] * weight[i] * x[i];
        float along = -inverseRms * inverseRms * inverseRms * dot / columns;
        T a = T.Broadcast(inverseRms), b = T.Broadcast(along);
        for (i = 0; i + W <= columns; i += W)
        {
            T value = T.MultiplyAdd(T.Load(dy + i) * T.Load(weight + i), a, T.Load(x + i) * b);
            T.Store(accumulate ? value + T.Load(dx + i) : value, dx + i);
        }

        for (; i < columns; i++)
        {
            float value = (dy[i] * weight[i] * inverseRms) + (x[i] * along);
            dx[i] = accumulate ? dx[i] + value : value;
        }
    }

    public override void LayerNorm(
        float* y, float* x, float* weight, float* bias, int columns, float epsilon, out float mean, out float inverseDeviation)
    {
        float sum = 0, squares = 0;
        for (int i = 0; i < columns; i++)
            sum += x[i];
        mean = sum / columns;
        for (int i = 0; i < columns; i++)
            squares += (x[i] - mean) * (x[i] - mean);
        inverseDeviation = 1 / MathF.Sqrt((squares / columns) + epsilon);
        T m = T.Broadcast(mean), factor = T.Broadcast(inverseDeviation);
        int j = 0;
        for (; j + W <= columns; j += W)
            T.Store(T.MultiplyAdd((T.Load(x + j) - m) * factor, T.Load(weight + j), T.Load(bias + j)), y + j);
        for (; j < columns; j++)
            y[j] = ((x[j] - mean) * inverseDeviation * weight[j]) + bias[j];
    }

    // dx = s · (g − mean(g) − x̂ · mean(g · x̂)), g = w · dy, x̂ = (x − mean) · s.
    public override void LayerNormBackward(
        float* dx, float* dy, float* x, float* weight, float mean, float inverseDeviation, int columns, bool accumulate)
    {
        float sum = 0, along = 0;
        for (int i = 0; i < columns; i++)
        {
            float g = dy[i] * weight[i];
            sum += g;
            along += g * (x[i] - mean) * inverseDeviation;
        }

        sum /= columns;
        along /= columns;
        for (int i = 0; i < columns; i++)
        {
            float value = inverseDeviation * ((dy[i] * weight[i]) - sum - ((x[i] - mean) * inverseDeviation * along));
            dx[i] = accumulate ? dx[i] + value : value;
        }
    }

    public override void AddProduct(float* to, float* dy, float* x, float mean, float scale, int columns)
    {
        T m = T.Broadcast(mean), factor = T.Broadcast(scale);
        int i = 0;
        for (; i + W <= columns; i += W)
            T.Store(T.MultiplyAdd(T.Load(dy + i) * factor, T.Load(x + i) - m, T.Load(to + i)), to + i);
        for (; i < columns; i++)
            to[i] += dy[i] * scale * (x[i] - mean);
    }

    public override void Rotary(float* to, float* x, float* cos, float* sin, int half, bool inverse, bool accumulate)
    {
        float sign = inverse ? -1 : 1;
        T turn = T.Broadcast(sign);
        int i = 0;
        for (; i + W <= half; i += W)
        {
            T a = T.Load(x + i), b = T.Load(x + half + i), c = T.Load(cos + i), s = T.Load(sin + i) * turn;
            T first = (a * c) - (b * s), second = (b * c) + (a * s);
            T.Store(accumulate ? first + T.Load(to + i) : first, to + i);
            T.Store(accumulate ? second + T.Load(to + half + i) : second, to + half + i);
        }

        for (; i < half; i++)
        {
            float a = x[i], b = x[half + i], c = cos[i], s = sin[i] * sign;
            float first = (a * c) - (b * s), second = (b * c) + (a * s);
            to[i] = accumulate ? to[i] + first : first;
            to[half + i] = accumulate ? to[half + i] + second : second;
        }
    }

    public override void Gated(float* to, float* gate, float* up, Activation activation, long count)
    {
        long i = 0;
        for (; i + W <= count; i += W)
        {
            T g = T.Load(gate + i);
            T.Store(g * Sigmoid(Argument(g, activation, out _)) * T.Load(up + i), to + i);
        }

        if (i < count)
            Ragged(to + i, null, null, gate + i, up + i, activation, (int)(count - i));
    }

    public override void GatedBackward(float* dGate, float* dUp, float* dy, float* gate, float* up, Activation activation, long count)
    {
        long i = 0;
        for (; i + W <= count; i += W)
            GatedBackwardStep(dGate + i, dUp + i, dy + i, gate + i, up + i, activation);
        if (i < count)
            Ragged(dGate + i, dUp + i, dy + i, gate + i, up + i, activation, (int)(count - i));
    }

    public override void AdamW(float* parameter, float* gradient, float* first, float* second, in AdamWStep step, long count)
    {
        float keep = 1 - (step.LearningRate * step.WeightDecay);
        float rate = step.LearningRate / step.BiasCorrection1;
        float correction = 1 / MathF.Sqrt(step.BiasCorrection2);
        T b1 = T.Broadcast(step.Beta1), b2 = T.Broadcast(step.Beta2), c1 = T.Broadcast(1 - step.Beta1), c2 = T.Broadcast(1 - step.Beta2);
        T scale = T.Broadcast(step.GradientScale), decay = T.Broadcast(keep), negativeRate = T.Broadcast(-rate);
        T unbias = T.Broadcast(correction), epsilon = T.Broadcast(step.Epsilon);
        long i = 0;
        for (; i + W <= count; i += W)
        {
            T g = T.Load(gradient + i) * scale;
            T m = T.MultiplyAdd(b1, T.Load(first + i), c1 * g), v = T.MultiplyAdd(b2, T.Load(second + i), c2 * g * g);
            T.Store(m, first + i);
            T.Store(v, second + i);
            T denominator = T.MultiplyAdd(T.Sqrt(v), unbias, epsilon);
            T.Store(T.MultiplyAdd(negativeRate, m / denominator, T.Load(parameter + i) * decay), parameter + i);
        }

        for (; i < count; i++)
        {
            float g = gradient[i] * step.GradientScale;
            float m = first[i] = (step.Beta1 * first[i]) + ((1 - step.Beta1) * g);
            float v = second[i] = (step.Beta2 * second[i]) + ((1 - step.Beta2) * g * g);
            parameter[i] = (parameter[i] * keep) - (rate * m / ((MathF.Sqrt(v) * correction) + step.Epsilon));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sigmoid(T x) => T.Broadcast(1) / (T.Broadcast(1) + Exponential.Of(T.Zero - x));

    // Both activations are g · sigmoid(u(g)): u = g for SiLU, u = 2√(2/π) (g + 0.044715 g³) for GELU's tanh form.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Argument(T g, Activation activation, out T slope)
    {
        if (activation == Activation.Silu)
        {
            slope = T.Broadcast(1);
            return g;
        }

        const float A = 1.5957691216057308f, B = 0.044715f;
        T square = g * g;
        slope = T.Broadcast(A) * T.MultiplyAdd(T.Broadcast(3 * B), square, T.Broadcast(1));
        return T.Broadcast(A) * g * T.MultiplyAdd(T.Broadcast(B), square, T.Broadcast(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GatedBackwardStep(float* dGate, float* dUp, float* dy, float* gate, float* up, Activation activation)
    {
        T g = T.Load(gate), u = T.Load(up), d = T.Load(dy);
        T s = Sigmoid(Argument(g, activation, out T slope));
        T derivative = s * T.MultiplyAdd(g * slope, T.Broadcast(1) - s, T.Broadcast(1));
        T.Store(d * u * derivative, dGate);
        T.Store(d * g * s, dUp);
    }

    // The last elements go through a register's worth of copies, so that every element sees the same arithmetic.
    private static void Ragged(float* to, float* to2, float* dy, float* gate, float* up, Activation activation, int count)
    {
        float* copy = stackalloc float[5 * 16];
        new Span<float>(copy, 5 * 16).Clear();
        float* g = copy, u = copy + 16, d = copy + 32, o1 = copy + 48, o2 = copy + 64;
        for (int i = 0; i < count; i++)
        {
            (g[i], u[i]) = (gate[i], up[i]);
            if (dy is not null)
                d[i] = dy[i];
        }

        if (dy is null)
        {
            T gates = T.Load(g);
            T.Store(gates * Sigmoid(Argument(gates, activation, out _)) * T.Load(u), o1);
        }
        else
        {
            GatedBackwardStep(o1, o2, d, g, u, activation);
        }

        for (int i = 0; i < count; i++)
        {
            to[i] = o1[i];
            if (to2 is not null)
                to2[i] = o2[i];
        }
    }
}
