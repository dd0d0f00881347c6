namespace CodeTuner.Tensors;

/// <summary>
/// A device stopped working: it was unplugged or reset, or its driver failed. What its backend held is gone; the
/// backend can only be disposed of.
/// </summary>
/// <remarks>Where the backend defers, a later call than the one that failed may throw it.</remarks>
public sealed class DeviceLostException(string message, Exception? inner = null) : Exception(message, inner);
