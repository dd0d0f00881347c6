namespace CodeTuner.Models.Generation;

/// <summary>A piece of another file, shown to the model before the file it writes in.</summary>
/// <param name="Path">The file's path from the workspace's root.</param>
/// <param name="Text">The piece.</param>
public sealed record ContextSnippet(string Path, string Text);
