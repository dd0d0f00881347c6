using CodeTuner.Tensors.Tests.Operations;
using CodeTuner.Tensors.Tests.Operations.Cases;

namespace CodeTuner.Tensors.TorchSharp.Tests;

/// <summary>What is this backend's own: its memory and its devices. Alone, because libtorch counts tensors for the process.</summary>
[Collection(nameof(Alone))]
public class TorchSharpBackendTests
{
    // More than any address space holds.
    private static readonly Shape TooLarge = new(1 << 30, 1 << 15);

    public static TheoryData<string> Backends => BackendsUnderTest.All;

    [Theory]
    [MemberData(nameof(Backends))]
    public void OperationsLeaveNothingBehind(string name)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = torch.Tensor.TotalCount;
        foreach (OperationCase tried in OperationCases.All)
        {
            using (Backend backend = BackendsUnderTest.Create(name))
            {
                OperationRun run = new(backend, tried.Name);
                tried.Body(run);
                run.ReleaseOperands();
                Assert.NotEmpty(run.Results());
            }

            Assert.True(torch.Tensor.TotalCount == before, $"{tried.Name} leaves {torch.Tensor.TotalCount - before} tensors behind.");
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void AReleasedTensorIsFreedAtOnce(string name)
    {
        using Backend backend = BackendsUnderTest.Create(name);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = torch.Tensor.TotalCount;
        foreach (DType type in Enum.GetValues<DType>())
        {
            Tensor tensor = backend.Allocate(new Shape(4, 64), type), copy = backend.Allocate(new Shape(4, 64), type);
            backend.WriteBytes(tensor, new byte[type.Bytes(tensor.Shape)]);
            backend.Copy(copy, tensor);
            backend.Release(tensor);
            backend.Release(copy);
            Assert.Equal(before, torch.Tensor.TotalCount);
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void WithoutMemoryItSaysSoAndGoesOn(string name)
    {
        using Backend backend = BackendsUnderTest.Create(name);
        Tensor small = backend.Allocate(new Shape(3)), large = backend.Allocate(TooLarge);
        backend.Write(small, [1f, 2f, 3f]);
        DeviceMemoryException e = Assert.Throws<DeviceMemoryException>(() => backend.Fill(large, 1));
        Assert.StartsWith(backend.Name, e.Message, StringComparison.Ordinal);
        backend.Release(large);
        backend.AddScaled(small, small, 1);
        float[] values = new float[3];
        backend.Read(small, values);
        Assert.Equal([2, 4, 6], values);
    }

    [Fact]
    public void ADeviceThatIsNotThereIsRefused()
    {
        PlatformNotSupportedException e = Assert.Throws<PlatformNotSupportedException>(
            () => new TorchSharpBackend(new TorchSharpBackendOptions { Device = TorchSharpDevice.Cuda(99) }));
        Assert.Contains("CUDA 99", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ByDefaultItTakesCudaWhereThereIsOne()
    {
        using TorchSharpBackend backend = new();
        Assert.Equal(TorchSharpBackend.IsCudaAvailable() ? TorchSharpDevice.Cuda() : TorchSharpDevice.Cpu, backend.Device);
    }

    [Fact]
    public void DisposingFreesWhatWasNotReleased()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = torch.Tensor.TotalCount;
        TorchSharpBackend backend = new();
        backend.Fill(backend.Allocate(new Shape(1000)), 1);
        Assert.Equal(before + 1, torch.Tensor.TotalCount);
        Assert.Equal(4000, backend.AllocatedBytes);
        backend.Dispose();
        Assert.Equal(before, torch.Tensor.TotalCount);
        Assert.Equal(0, backend.AllocatedBytes);
    }

    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;
}
