namespace CodeTuner.Workspace.Scanning;

/// <summary>What became of a file, or of a folder that was not entered.</summary>
/// <param name="Path">The path from the workspace's root, with forward slashes; a folder's ends in one.</param>
/// <param name="Bytes">The file's length; 0 for a folder.</param>
/// <param name="LeftOut">Why it was left out; null where it was kept.</param>
/// <param name="Detail">More about the reason, for people. Never a secret itself.</param>
public sealed record ManifestEntry(string Path, long Bytes, LeftOutReason? LeftOut, string? Detail = null);
