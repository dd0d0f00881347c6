namespace CodeTuner.Tensors.Ggml.Graphs;

/// <summary>The seam's operations that become nodes of a graph.</summary>
internal enum GgmlOperation
{
    Copy,
    CopyRows,
    Add,
    AddScaled,
    AddBias,
    SumRows,
    Dropout,
    MatMul,
    RmsNorm,
    RmsNormBackward,
    LayerNorm,
    LayerNormBackward,
    Rotary,
    Attention,
    AttentionBackward,
    GatedActivation,
    GatedActivationBackward,
    Gather,
    ScatterAdd,
    LinearCrossEntropy,
    SumOfSquares,
    AdamW,
}
