namespace CodeTuner.Tensors.Autograd;

/// <summary>A weight of a model: outlives the tape; its gradient adds up over micro-batches until <see cref="ClearGradient"/>.</summary>
public sealed class Parameter : Variable, IDisposable
{
    private readonly Backend backend;

    /// <summary>A weight that is frozen until <see cref="Train"/>.</summary>
    /// <param name="name">Its name in the checkpoint, such as <c>model.layers.0.self_attn.q_proj.weight</c>.</param>
    /// <param name="value">The tensor; the parameter frees it.</param>
    /// <param name="backend">Where the tensor lives.</param>
    public Parameter(string name, Tensor value, Backend backend)
    {
        Name = name;
        this.backend = backend;
        Become(value, owned: false, requiresGradient: false);
    }

    /// <summary>Its name in the checkpoint.</summary>
    public string Name { get; }

    /// <summary>Makes it trainable, with a gradient buffer of its own.</summary>
    /// <exception cref="InvalidOperationException">It is not stored in float32.</exception>
    public void Train()
    {
        if (Value.Type != DType.Float32)
            throw new InvalidOperationException($"{Name} is stored in {Value.Type}; only float32 weights can be trained.");
        RequiresGradient = true;
        Gradient ??= backend.Allocate(Value.Shape);
        HasGradient = false;
    }

    /// <summary>Makes it constant and frees its gradient.</summary>
    public void Freeze()
    {
        RequiresGradient = false;
        HasGradient = false;
        if (Gradient is not null)
            backend.Release(Gradient);
        Gradient = null;
    }

    /// <summary>Starts a new sum: the next gradient overwrites this one.</summary>
    public void ClearGradient() => HasGradient = false;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!HasValue)
            return;
        Freeze();
        backend.Release(TakeValue());
    }
}
