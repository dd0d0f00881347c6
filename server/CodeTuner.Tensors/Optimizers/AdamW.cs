using CodeTuner.Tensors.Autograd;

namespace CodeTuner.Tensors.Optimizers;

/// <summary>AdamW over a set of parameters, with clipping by global norm.</summary>
public sealed class AdamW : IDisposable
{
    private readonly Backend backend;
    private readonly Tensor squares;
    private readonly float[] readBack = new float[1];

    /// <summary>An optimizer with zero moments.</summary>
    public AdamW(Backend backend, IReadOnlyList<Parameter> parameters, AdamWOptions options)
    {
        this.backend = backend;
        Options = options;
        Moments = [.. parameters.Select(p => new ParameterMoments(p, Zeros(p.Shape), Zeros(p.Shape)))];
        squares = backend.Allocate(new Shape(1));
    }

    /// <summary>The coefficients.</summary>
    public AdamWOptions Options { get; }

    /// <summary>Steps taken.</summary>
    public int StepCount { get; set; }

    /// <summary>Each parameter with its moments; they are what a checkpoint keeps.</summary>
    public IReadOnlyList<ParameterMoments> Moments { get; }

    /// <summary>√Σ g² over all parameters; waits for the gradients.</summary>
    public float GradientNorm()
    {
        bool accumulate = false;
        foreach (ParameterMoments moments in Moments)
        {
            if (!moments.Parameter.HasGradient)
                continue;
            backend.SumOfSquares(squares, moments.Parameter.Gradient!, accumulate);
            accumulate = true;
        }

        if (!accumulate)
            return 0;
        backend.Read(squares, readBack);
        return MathF.Sqrt(readBack[0]);
    }

    /// <summary>Updates every parameter that has a gradient, and clears the gradients.</summary>
    /// <param name="learningRate">This step's rate.</param>
    /// <param name="gradientNorm">As <see cref="GradientNorm"/> gave it.</param>
    /// <param name="maxNorm">Gradients are scaled down to this norm where they exceed it; 0 turns clipping off.</param>
    public void Step(float learningRate, float gradientNorm, float maxNorm)
    {
        StepCount++;

        // The same small constant as torch.nn.utils.clip_grad_norm_ keeps a tiny norm from dividing by zero.
        float scale = maxNorm > 0 ? Math.Min(1, maxNorm / (gradientNorm + 1e-6f)) : 1;
        AdamWStep step = new(learningRate, Options.Beta1, Options.Beta2, Options.Epsilon, Options.WeightDecay, StepCount, scale);
        foreach (ParameterMoments moments in Moments)
        {
            if (moments.Parameter.HasGradient)
                backend.AdamW(moments.Parameter.Value, moments.Parameter.Gradient!, moments.First, moments.Second, step);
            moments.Parameter.ClearGradient();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ParameterMoments moments in Moments)
        {
            backend.Release(moments.First);
            backend.Release(moments.Second);
        }

        backend.Release(squares);
    }

    private Tensor Zeros(Shape shape)
    {
        Tensor tensor = backend.Allocate(shape);
        backend.Fill(tensor, 0);
        return tensor;
    }
}
