namespace CodeTuner.Workspace.Secrets;

/// <summary>Where a secret seems to stand. The secret itself is never carried along.</summary>
/// <param name="RuleId">The kind of secret.</param>
/// <param name="Start">Its first UTF-16 position.</param>
/// <param name="Length">Its length in UTF-16 units.</param>
/// <param name="Line">Its line, counted from 1.</param>
public sealed record SecretFinding(string RuleId, int Start, int Length, int Line);
