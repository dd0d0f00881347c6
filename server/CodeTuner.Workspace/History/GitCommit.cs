namespace CodeTuner.Workspace.History;

/// <summary>A commit of the branch's own line.</summary>
/// <param name="Hash">Its full hash.</param>
/// <param name="Time">When it was committed.</param>
/// <param name="AddedLines">How many lines it added to each file, by path from the workspace's root.</param>
public sealed record GitCommit(string Hash, DateTimeOffset Time, IReadOnlyDictionary<string, int> AddedLines);
