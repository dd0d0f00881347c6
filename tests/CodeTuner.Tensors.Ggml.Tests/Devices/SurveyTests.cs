namespace CodeTuner.Tensors.Ggml.Tests.Devices;

/// <summary>What a device lacks is found from what the backend records, and said with what is done instead.</summary>
public class SurveyTests
{
    [GpuFact]
    public void Outer_products_of_stored_types_are_computed_another_way()
    {
        if (!SoftwareDriver.Is(TestDevices.Device(TestDevices.Vulkan)))
            return; // a card may have them
        foreach ((DType type, string name) in ((DType, string)[])[(DType.BFloat16, "bf16"), (DType.Q8_0, "q8_0"), (DType.Q4_0, "q4_0")])
        {
            IReadOnlyList<GgmlMissingOperation> missing = Product(TestDevices.Vulkan, MatMulLayout.NN, type);
            GgmlMissingOperation found = Assert.Single(missing);
            Assert.Equal($"OUT_PROD ({name})", found.Name);
            Assert.Contains("turned", found.Instead, StringComparison.Ordinal);
        }
    }

    [GgmlFact]
    public void Nothing_is_said_of_what_a_device_has()
    {
        Assert.Empty(Product(TestDevices.Cpu, MatMulLayout.NT, DType.BFloat16));
        Assert.Empty(Product(TestDevices.Cpu, MatMulLayout.TN, DType.Float32));
    }

    private static IReadOnlyList<GgmlMissingOperation> Product(string device, MatMulLayout layout, DType type) => GgmlSurvey.Missing(TestDevices.Device(device), backend =>
    {
        Tensor a = backend.Allocate(new Shape(64, 64)), b = backend.Allocate(new Shape(64, 64), type), into = backend.Allocate(new Shape(64, 64));
        backend.MatMul(into, a, b, layout);
        backend.Flush();
    });
}
