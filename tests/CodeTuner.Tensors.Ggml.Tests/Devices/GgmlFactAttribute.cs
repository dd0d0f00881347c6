namespace CodeTuner.Tensors.Ggml.Tests.Devices;

/// <summary>A test that needs ggml's libraries.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GgmlFactAttribute : FactAttribute
{
    public GgmlFactAttribute() => Skip = TestDevices.Skip(TestDevices.MissingLibrary);
}

/// <summary>A theory over devices of ggml.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GgmlTheoryAttribute : TheoryAttribute
{
    public GgmlTheoryAttribute() => Skip = TestDevices.Skip(TestDevices.MissingLibrary);
}

/// <summary>A test that needs a GPU, or Mesa's driver for the processor.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GpuFactAttribute : FactAttribute
{
    public GpuFactAttribute() => Skip = TestDevices.Skip(TestDevices.MissingGpu);
}

/// <summary>A theory that needs a GPU, or Mesa's driver for the processor.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GpuTheoryAttribute : TheoryAttribute
{
    public GpuTheoryAttribute() => Skip = TestDevices.Skip(TestDevices.MissingGpu);
}
