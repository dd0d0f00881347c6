namespace CodeTuner.Tensors.Autograd;

/// <summary>A low-rank update of a linear layer: y += scale · B·A·x (Hu et al. 2021, arXiv 2106.09685).</summary>
/// <param name="A">(r, in).</param>
/// <param name="B">(out, r).</param>
/// <param name="Scale">α/r, or α/√r with rank-stabilised scaling.</param>
/// <param name="Dropout">Probability of dropping an input of A in training.</param>
public sealed record LoraAdapter(Parameter A, Parameter B, float Scale, float Dropout);
