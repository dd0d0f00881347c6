namespace CodeTuner.Tensors.Autograd;

/// <summary>A tensor in a computation that a <see cref="Tape"/> records, with room for its gradient.</summary>
public class Variable
{
    private Tensor? value;

    internal Variable()
    {
    }

    /// <summary>The tensor.</summary>
    /// <exception cref="InvalidOperationException">An operation that works in place has taken it over, or the tape has released it.</exception>
    public Tensor Value => value ?? throw new InvalidOperationException("This variable's tensor has been taken over or released.");

    /// <summary>The sizes of the tensor's dimensions.</summary>
    public Shape Shape => Value.Shape;

    /// <summary>Whether a gradient is wanted.</summary>
    public bool RequiresGradient { get; protected internal set; }

    /// <summary>dL/dvalue, or null before the backward pass has reached it.</summary>
    public Tensor? Gradient { get; internal set; }

    /// <summary>Whether <see cref="Gradient"/> holds a value, to which later ones are added.</summary>
    public bool HasGradient { get; internal set; }

    /// <summary>Whether the tape frees <see cref="Value"/>.</summary>
    internal bool OwnsValue { get; private set; }

    internal bool HasValue => value is not null;

    internal void Become(Tensor tensor, bool owned, bool requiresGradient)
    {
        value = tensor;
        OwnsValue = owned;
        RequiresGradient = requiresGradient;
        Gradient = null;
        HasGradient = false;
    }

    /// <summary>Hands the tensor to an operation that works in place.</summary>
    internal Tensor TakeValue()
    {
        Tensor taken = Value;
        value = null;
        OwnsValue = false;
        return taken;
    }
}
