namespace CodeTuner.Tensors.Optimizers;

/// <summary>Linear warm-up, then half a cosine from the peak down to a share of it (Loshchilov and Hutter 2017, arXiv 1608.03983).</summary>
/// <param name="PeakRate">The highest rate.</param>
/// <param name="WarmupSteps">Steps of warm-up; the last has the peak.</param>
/// <param name="TotalSteps">Steps in all.</param>
/// <param name="FinalShare">What is left of the peak at the end.</param>
public sealed record CosineSchedule(double PeakRate, int WarmupSteps, int TotalSteps, double FinalShare = 0.1)
{
    /// <summary>The rate of step <paramref name="step"/>, counted from 0.</summary>
    public double RateAt(int step)
    {
        double warmup = WarmupSteps == 0 ? 1 : Math.Min(1, (step + 1.0) / WarmupSteps);
        double progress = TotalSteps <= WarmupSteps ? 0 : Math.Clamp((step - WarmupSteps) / (double)(TotalSteps - WarmupSteps), 0, 1);
        return PeakRate * warmup * (FinalShare + ((1 - FinalShare) * 0.5 * (1 + Math.Cos(Math.PI * progress))));
    }
}
