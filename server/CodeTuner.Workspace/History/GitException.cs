namespace CodeTuner.Workspace.History;

/// <summary>Git could not answer; the message names the command, the repository and what git said.</summary>
public sealed class GitException : Exception
{
    /// <summary>Makes the exception.</summary>
    public GitException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with what caused it.</summary>
    public GitException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
