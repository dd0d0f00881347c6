using CodeTuner.Tensors.Ggml.Tests.Devices;
using CodeTuner.Tensors.Reference;
using CodeTuner.Tensors.Tests.Operations;
using CodeTuner.Tensors.Tests.Operations.Cases;

namespace CodeTuner.Tensors.Ggml.Tests.Operations;

/// <summary>Products on a GPU: each layout and type, with one row as when decoding and with many.</summary>
public class VulkanProductTests
{
    public static TheoryData<MatMulLayout, DType> Products
    {
        get
        {
            TheoryData<MatMulLayout, DType> data = [];
            foreach (MatMulLayout layout in Enum.GetValues<MatMulLayout>())
            {
                foreach (DType type in (DType[])[DType.Float32, DType.BFloat16, DType.Float16, DType.Q8_0, DType.Q4_0])
                {
                    if (layout != MatMulLayout.TN || type == DType.Float32)
                        data.Add(layout, type);
                }
            }

            return data;
        }
    }

    [GpuTheory]
    [MemberData(nameof(Products))]
    public void Agree_with_the_reference(MatMulLayout layout, DType type)
    {
        using Backend tested = TestDevices.Create(TestDevices.Vulkan);
        using ReferenceBackend reference = new();
        string name = $"MatMul {layout} {type}";
        void Multiply(OperationRun run)
        {
            foreach ((int m, int n, int k) in ((int, int, int)[])[(1, 64, 96), (33, 64, 96), (70, 96, 32)])
                MatMulCases.Multiply(run, layout, type, m, n, k, accumulate: m == 33, scale: m == 33 ? -0.4f : 1);
        }

        OperationRun expected = new(reference, name), actual = new(tested, name);
        Multiply(expected);
        Multiply(actual);
        Assert.Empty(expected.Results().Zip(actual.Results(), (e, a) => BackendsUnderTest.Allowed(TestDevices.Vulkan, name, e).Mismatch(a)).OfType<string>());
    }
}
