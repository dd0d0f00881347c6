using System.Text;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Workspace.Tests.Outline;

/// <summary>Writes an outline as lines that a test table can hold: kind, name, body or none, doc comment or none.</summary>
internal static class OutlineText
{
    public static string Write(string text, IReadOnlyList<OutlineNode> outline)
    {
        var result = new StringBuilder();
        foreach (var node in outline)
            Write(text, node, 0, result);
        return result.ToString().TrimEnd();
    }

    private static void Write(string text, OutlineNode node, int depth, StringBuilder result)
    {
        Assert.Contains(node.Name, text[node.NameSpan.Start..node.NameSpan.End]);
        result.Append(' ', depth * 2).Append(node.Kind == OutlineKind.Type ? "type " : "fn ").Append(node.Name);
        if (node.Body is { } body)
            result.Append(" {").Append(Short(text[body.Start..body.End])).Append('}');
        if (node.DocComment is { } doc)
            result.Append(" doc:").Append(Short(text[doc.Start..doc.End]));
        result.Append('\n');
        foreach (var child in node.Children)
            Write(text, child, depth + 1, result);
    }

    private static string Short(string part)
    {
        var words = string.Join(' ', part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length <= 24 ? words : words[..12] + "…" + words[^8..];
    }
}
