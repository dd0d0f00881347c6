namespace CodeTuner.Cli;

/// <summary>The command was not given what it needs.</summary>
internal sealed class UsageException(string message) : Exception(message);
