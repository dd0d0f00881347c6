namespace CodeTuner.Tensors;

/// <summary>The non-linearity of a gated MLP.</summary>
public enum Activation
{
    /// <summary>x · sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>GELU in its tanh form.</summary>
    GeluTanh,
}
