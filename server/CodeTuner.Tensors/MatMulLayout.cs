namespace CodeTuner.Tensors;

/// <summary>The three products that a linear layer needs. The letters say whether each operand is transposed.</summary>
public enum MatMulLayout
{
    /// <summary>C (M, N) = A (M, K) · Bᵀ with B (N, K): the forward pass, B the weight.</summary>
    NT,

    /// <summary>C (M, N) = A (M, K) · B (K, N): the gradient of the input, B the weight.</summary>
    NN,

    /// <summary>C (M, N) = Aᵀ · B with A (K, M), B (K, N): the gradient of the weight, A that of the output, B the input.</summary>
    TN,
}
