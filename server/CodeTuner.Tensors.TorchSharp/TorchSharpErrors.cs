using System.Runtime.InteropServices;

namespace CodeTuner.Tensors.TorchSharp;

/// <summary>
/// libtorch's failures come as a text alone. On CUDA they may come late: the text then belongs to an operation that an
/// earlier call asked for.
/// </summary>
internal static class TorchSharpErrors
{
    // As CUDA's and the CPU's allocators say it, the latter on Linux and on Windows.
    private static readonly string[] NoMemory = ["out of memory", "can't allocate memory", "not enough memory", "CUBLAS_STATUS_ALLOC_FAILED"];

    // After most of CUDA's own errors the process has lost its context on the device.
    private static readonly string[] Lost = ["CUDA error", "cuDNN error"];

    // Not after these, which refuse one call: this card, or these sizes, cannot be served.
    private static readonly string[] Refused =
        ["no kernel image", "invalid argument", "invalid device ordinal", "CUBLAS_STATUS_NOT_SUPPORTED", "CUBLAS_STATUS_INVALID_VALUE"];

    /// <summary>The exception of this project that says the same.</summary>
    public static Exception Translate(ExternalException e, Backend backend)
    {
        string reason = e.Message.Split('\n')[0].Trim();
        if (IsOneOf(NoMemory))
        {
            return new DeviceMemoryException(
                $"{backend.Name} has no memory left: {reason} It holds {backend.AllocatedBytes >> 20} MiB of tensors. Use smaller batches or a smaller model.", e);
        }

        return IsOneOf(Lost) && !IsOneOf(Refused)
            ? new DeviceLostException($"{backend.Name} stopped working: {reason} Start again; if it stays so, look at the driver.", e)
            : new InvalidOperationException($"{backend.Name} failed: {reason}", e);

        bool IsOneOf(string[] signs) => Array.Exists(signs, sign => e.Message.Contains(sign, StringComparison.OrdinalIgnoreCase));
    }
}
