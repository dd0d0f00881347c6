using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.TorchSharp.Tests;

/// <summary>libtorch's texts, as it writes them, become exceptions that a caller can tell apart.</summary>
public class TorchSharpErrorsTests
{
    [Theory]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 7.79 GiB total capacity)\nException raised from malloc", typeof(DeviceMemoryException))]
    [InlineData("[enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 64 bytes.", typeof(DeviceMemoryException))]
    [InlineData("[enforce fail at alloc_cpu.cpp:72] data. DefaultCPUAllocator: not enough memory: you tried to allocate 64 bytes.", typeof(DeviceMemoryException))]
    [InlineData("CUDA error: out of memory", typeof(DeviceMemoryException))]
    [InlineData("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", typeof(DeviceMemoryException))]
    [InlineData("CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be asynchronously reported", typeof(DeviceLostException))]
    [InlineData("CUDA error: unspecified launch failure", typeof(DeviceLostException))]
    [InlineData("CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm`", typeof(DeviceLostException))]
    [InlineData("CUDA error: no kernel image is available for execution on the device", typeof(InvalidOperationException))]
    [InlineData("CUDA error: CUBLAS_STATUS_INVALID_VALUE when calling `cublasSgemm`", typeof(InvalidOperationException))]
    [InlineData("mat1 and mat2 shapes cannot be multiplied (3x4 and 3x4)", typeof(InvalidOperationException))]
    public void SayWhatHappened(string text, Type expected)
    {
        using TorchSharpBackend backend = new(new TorchSharpBackendOptions { Device = TorchSharpDevice.Cpu });
        ExternalException cause = new(text);
        Exception e = TorchSharpErrors.Translate(cause, backend);
        Assert.IsType(expected, e);
        Assert.Same(cause, e.InnerException);
        Assert.StartsWith("TorchSharp (CPU)", e.Message, StringComparison.Ordinal);
        Assert.Contains(text.Split('\n')[0], e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }
}
