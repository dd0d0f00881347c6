namespace CodeTuner.Workspace;

/// <summary>A workspace cannot be read; the message names it and says what to do.</summary>
public sealed class WorkspaceException : Exception
{
    /// <summary>With a message for the user.</summary>
    public WorkspaceException(string message)
        : base(message)
    {
    }

    /// <summary>With a message for the user and what caused it.</summary>
    public WorkspaceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
