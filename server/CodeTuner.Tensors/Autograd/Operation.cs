namespace CodeTuner.Tensors.Autograd;

/// <summary>A step that a tape recorded and can go back over. Instances are pooled, so that a training step allocates none.</summary>
internal abstract class Operation
{
    /// <summary>What the step gave.</summary>
    public Variable Output { get; set; } = null!;

    /// <summary>Whether the step brings the gradient that a backward pass begins with.</summary>
    public virtual bool IsLoss => false;

    /// <summary>Adds to the gradients of the inputs, from that of <see cref="Output"/>.</summary>
    public abstract void Backward(Tape tape);

    /// <summary>Frees what was kept for the backward pass and forgets the inputs.</summary>
    public abstract void Clear(Tape tape);
}
