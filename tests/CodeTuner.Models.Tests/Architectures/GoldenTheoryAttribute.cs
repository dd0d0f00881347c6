namespace CodeTuner.Models.Tests.Architectures;

/// <summary>A theory over <see cref="GoldenBackends"/>; skipped where those lack something.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GoldenTheoryAttribute : TheoryAttribute
{
    public GoldenTheoryAttribute() => Skip = GoldenBackends.Missing;
}
