namespace CodeTuner.Tuning;

/// <summary>A tune cannot be done; the message says why and what to do.</summary>
public sealed class TuningException : Exception
{
    /// <summary>With a message for the user.</summary>
    public TuningException(string message)
        : base(message)
    {
    }

    /// <summary>With a message for the user and what caused it.</summary>
    public TuningException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
