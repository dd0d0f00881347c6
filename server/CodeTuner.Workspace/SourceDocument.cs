using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace;

/// <summary>A source file that the scan kept.</summary>
/// <param name="Path">The path from the workspace's root, with forward slashes.</param>
/// <param name="Language">The language, from the path and the first line.</param>
/// <param name="Text">The whole text, decoded from UTF-8 without its byte order mark; line ends as in the file.</param>
/// <param name="ContentHash">SHA-256 of the file's bytes, in lower-case hexadecimal.</param>
public sealed record SourceDocument(string Path, Language Language, string Text, string ContentHash);
