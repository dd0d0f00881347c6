using CodeTuner.Tensors.Ggml.Tests.Devices;
using CodeTuner.Tensors.Tests.Operations.Cases;

namespace CodeTuner.Tensors.Tests.Operations;

/// <summary>The devices of ggml that the operation suite runs on.</summary>
public static class BackendsUnderTest
{
    /// <summary>
    /// A device may round the operands of a product to the type of a stored weight: float16 keeps 11 bits of an
    /// activation, bfloat16 8, and ggml's CPU takes activations to Q8_0 beside a quantised weight.
    /// </summary>
    private static readonly (string Type, double Cpu, double Vulkan)[] Rounding =
        [("BFloat16", 1e-2, 1e-2), ("Float16", 2e-3, 1e-5), ("Q8_0", 5e-2, 1e-5), ("Q4_0", 5e-2, 1e-5)];

    public static string? Missing => TestDevices.Skip(TestDevices.MissingLibrary);

    public static IEnumerable<string> Names => TestDevices.Names;

    public static IEnumerable<string> Compared => Names;

    /// <summary>Recording is the same for every device: one is enough.</summary>
    public static IEnumerable<string> Deferring => [TestDevices.Cpu];

    public static TheoryData<string> All => [.. Names];

    public static Backend Create(string name) => TestDevices.Create(name);

    /// <summary>
    /// ggml's Vulkan has a kernel for each number of rows up to eight. From three on their compiling takes half a minute
    /// each on Mesa's driver for the processor, which unrolls them whole; so there those numbers of rows are left out.
    /// They are the kernel of one and two rows with another constant.
    /// </summary>
    public static bool Covers(string backend, string operation) =>
        !operation.EndsWith(OperationCases.FewRows, StringComparison.Ordinal) || backend != TestDevices.Vulkan || !SoftwareDriver.Is(TestDevices.Device(backend));

    /// <summary>
    /// Float32: four times what the suite allows the managed CPU backend, as sums run in another order. Products with a
    /// stored type: <see cref="Rounding"/>. Copies: the same bytes.
    /// </summary>
    public static OperationResult Allowed(string backend, string operation, OperationResult expected)
    {
        if (expected.Tolerance == 0)
            return expected;

        // A GPU adds up the half million terms of one row one after the other.
        double allowed = expected.Tolerance * (operation.EndsWith("in chunks", StringComparison.Ordinal) ? 20 : 4);
        if (operation.StartsWith("MatMul NT", StringComparison.Ordinal) || operation.StartsWith("LinearCrossEntropy", StringComparison.Ordinal))
        {
            foreach ((string type, double cpu, double vulkan) in Rounding.Where(r => operation.Contains($" {r.Type}", StringComparison.Ordinal)))
                allowed = Math.Max(allowed, backend == TestDevices.Cpu ? cpu : vulkan);
        }

        return expected with { Tolerance = allowed };
    }
}
