namespace CodeTuner.Assist.Completion;

/// <summary>Where a model is to write.</summary>
/// <param name="Path">The file's path from the workspace's root.</param>
/// <param name="Prefix">The text before the cursor.</param>
/// <param name="Suffix">The text after it.</param>
public sealed record CompletionRequest(string Path, string Prefix, string Suffix);

/// <summary>What the model would write.</summary>
/// <param name="Text">The text to insert, with the document's line ends; empty where there is nothing to say.</param>
/// <param name="Tokens">Tokens drawn.</param>
/// <param name="Milliseconds">Time taken.</param>
/// <param name="LogProbability">The mean natural-log probability of the tokens of <paramref name="Text"/>; 0 where it is empty. A measure of confidence.</param>
/// <param name="ReusedPromptTokens">Tokens of the prompt that were still cached.</param>
/// <param name="IsWhole">Whether the text ends where the model or the stopping rules ended it, rather than for want of room.</param>
public sealed record CompletionResult(
    string Text, int Tokens, double Milliseconds, double LogProbability, int ReusedPromptTokens, bool IsWhole = true);
