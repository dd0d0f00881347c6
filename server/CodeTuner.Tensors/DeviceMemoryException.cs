namespace CodeTuner.Tensors;

/// <summary>
/// A device has no room for what a backend asked of it. The backend is still of use: what it held before is untouched,
/// and with smaller batches or fewer tensors the work may fit.
/// </summary>
/// <remarks>Where the backend defers, a later call than the one that asked may throw it.</remarks>
public sealed class DeviceMemoryException(string message, Exception? inner = null) : OutOfMemoryException(message, inner);
