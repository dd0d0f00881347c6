using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Context;

/// <summary>A declaration as it is shown to the model: what somebody needs to use it.</summary>
/// <param name="Path">The file's path from the workspace's root.</param>
/// <param name="Name">The declared name.</param>
/// <param name="Container">The name of the type it is declared in; empty outside types.</param>
/// <param name="Kind">Function or type.</param>
/// <param name="Start">Where it stands in the file.</param>
/// <param name="Text">The doc comment's first line, the header, and a type's members' headers; without a line end.</param>
public sealed record Definition(string Path, string Name, string Container, OutlineKind Kind, int Start, string Text);
