namespace CodeTuner.Tensors.Ggml;

/// <summary>Something about the GPU that the user can act on; the message says what. The managed CPU backend is always there instead.</summary>
public class GgmlException : Exception
{
    /// <summary>An error with its message.</summary>
    public GgmlException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its message and what caused it.</summary>
    public GgmlException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>ggml's libraries are missing, half-installed, of another version, or can not be loaded.</summary>
public sealed class GgmlLibraryException : GgmlException
{
    /// <summary>An error with its message.</summary>
    public GgmlLibraryException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its message and what caused it.</summary>
    public GgmlLibraryException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>There is no device, or it can not be opened.</summary>
public sealed class GgmlDeviceException(string message) : GgmlException(message);
