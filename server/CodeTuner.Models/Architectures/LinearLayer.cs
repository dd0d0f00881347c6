using CodeTuner.Tensors.Autograd;

namespace CodeTuner.Models.Architectures;

/// <summary>A linear layer: y = x·Wᵀ + b, with a low-rank adapter where one is attached.</summary>
/// <param name="name">Its name, such as <c>model.layers.0.self_attn.q_proj</c>.</param>
/// <param name="weight">(out, in).</param>
/// <param name="bias">(out), or null.</param>
public sealed class LinearLayer(string name, Parameter weight, Parameter? bias)
{
    /// <summary>Its name in the checkpoint, without <c>.weight</c>.</summary>
    public string Name { get; } = name;

    /// <summary>(out, in).</summary>
    public Parameter Weight { get; } = weight;

    /// <summary>(out), or null.</summary>
    public Parameter? Bias { get; } = bias;

    /// <summary>The low-rank update, or null.</summary>
    public LoraAdapter? Adapter { get; set; }

    /// <summary>y (R, out) of x (R, in).</summary>
    public Variable Apply(Tape tape, Variable x) => tape.Linear(x, Weight, Bias, Adapter);
}
