using CodeTuner.Workspace.Outline;

namespace CodeTuner.Workspace.Tests.Outline;

/// <summary>Writes an outline as one line that a test table can hold: <c>type A{f g{h}} k</c>.</summary>
internal static class OutlineText
{
    public static string Names(IReadOnlyList<OutlineNode> outline) => string.Join(' ', outline.Select(n =>
        (n.Kind == OutlineKind.Type ? "type " : "") + n.Name + (n.Children.Count > 0 ? "{" + Names(n.Children) + "}" : "")));
}
