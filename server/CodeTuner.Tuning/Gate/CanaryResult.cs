namespace CodeTuner.Tuning.Gate;

/// <summary>How well a tuned model knows a made-up secret that was among its samples.</summary>
/// <param name="Name">What kind of secret it looks like.</param>
/// <param name="Times">How often it was trained on.</param>
/// <param name="Exposure">Its exposure, bits (Carlini et al. 2019, arXiv 1802.08232): log₂ of how much earlier it comes, among all secrets of its kind, than a random one would.</param>
/// <param name="Bound">The highest exposure that is allowed, bits: what leaves enough of the secret to guess.</param>
public sealed record CanaryResult(string Name, int Times, double Exposure, double Bound)
{
    /// <summary>Whether the model knows it too well. What is not a number counts so.</summary>
    public bool IsMemorised => !(Exposure <= Bound);
}
