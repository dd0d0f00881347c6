using CodeTuner.Tensors.Autograd;

namespace CodeTuner.Tensors.Optimizers;

/// <summary>A parameter with the running means that AdamW keeps of its gradient.</summary>
/// <param name="Parameter">θ.</param>
/// <param name="First">m: the running mean of the gradient.</param>
/// <param name="Second">v: the running mean of its square.</param>
public sealed record ParameterMoments(Parameter Parameter, Tensor First, Tensor Second);
