namespace CodeTuner.Models;

/// <summary>A model's file is missing, damaged or of a kind that is not supported; the message names it and says what to do.</summary>
public sealed class ModelFormatException : Exception
{
    /// <summary>With a message for the user.</summary>
    public ModelFormatException(string message)
        : base(message)
    {
    }

    /// <summary>With a message for the user and what caused it.</summary>
    public ModelFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
