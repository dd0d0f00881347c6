using CodeTuner.Tensors;
using CodeTuner.Tensors.Ggml;

namespace CodeTuner.Tuning.Devices;

/// <summary>Tells a card's failure from other errors.</summary>
public static class CardFailure
{
    /// <summary>Whether a graphics card could not be opened, was lost, or ran out of memory. The message is for the user.</summary>
    public static bool Is(Exception error) => error is GgmlException or DeviceLostException or DeviceMemoryException;
}
