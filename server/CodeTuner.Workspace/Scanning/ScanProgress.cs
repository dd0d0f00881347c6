namespace CodeTuner.Workspace.Scanning;

/// <summary>How far a scan is.</summary>
/// <param name="FilesSeen">Files met so far.</param>
/// <param name="FilesKept">Of these, those kept so far.</param>
public readonly record struct ScanProgress(int FilesSeen, int FilesKept);
