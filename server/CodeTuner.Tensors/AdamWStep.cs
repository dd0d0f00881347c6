namespace CodeTuner.Tensors;

/// <summary>The numbers of one AdamW step.</summary>
/// <param name="LearningRate">The rate of this step.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to √v̂.</param>
/// <param name="WeightDecay">λ: θ shrinks by rate · λ before the update.</param>
/// <param name="Step">1 for the first step; corrects the moments' bias.</param>
/// <param name="GradientScale">What the gradient is multiplied with first: below 1 where it is clipped.</param>
public readonly record struct AdamWStep(
    float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay, int Step, float GradientScale)
{
    /// <summary>1 − β₁ᵗ.</summary>
    public float BiasCorrection1 => (float)(1 - Math.Pow(Beta1, Step));

    /// <summary>1 − β₂ᵗ.</summary>
    public float BiasCorrection2 => (float)(1 - Math.Pow(Beta2, Step));
}
