namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>A theory over <see cref="BackendsUnderTest"/>; skipped where those lack something.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BackendTheoryAttribute : TheoryAttribute
{
    public BackendTheoryAttribute() => Skip = BackendsUnderTest.Missing;
}
