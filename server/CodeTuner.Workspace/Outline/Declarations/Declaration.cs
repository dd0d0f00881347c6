namespace CodeTuner.Workspace.Outline.Declarations;

/// <summary>A declaration that was found, before it is put in its place among the others.</summary>
internal readonly record struct Declaration(
    OutlineKind Kind, string Name, TextSpan Span, TextSpan NameSpan, TextSpan? Body, TextSpan? DocComment)
{
    private const int DeepestNesting = 64;

    /// <summary>
    /// Nests declarations by their spans. What would break the outline's promises — a span outside the text, half inside another,
    /// or equal to one before — is left out, so that the promises hold whatever the readers made of broken code.
    /// </summary>
    public static IReadOnlyList<OutlineNode> Nest(List<Declaration> found, int textLength)
    {
        var ordered = found
            .Where(d => d.Span.Start >= 0 && d.Span.Start < d.Span.End && d.Span.End <= textLength && Inside(d.NameSpan, d.Span))
            .OrderBy(d => d.Span.Start)
            .ThenByDescending(d => d.Span.End)
            .ToList();
        var roots = new List<OutlineNode>();
        var open = new Stack<OutlineNode>();
        foreach (var d in ordered)
        {
            while (open.Count > 0 && open.Peek().Span.End <= d.Span.Start)
                open.Pop();
            if (open.Count >= DeepestNesting || (open.Count > 0 && (open.Peek().Span == d.Span || open.Peek().Span.End < d.Span.End)))
                continue;
            var body = d.Body is { } b && b.Start <= b.End && Inside(b, d.Span) ? d.Body : null;
            var doc = d.DocComment is { } c && c.Start >= 0 && c.Start < c.End && c.End <= textLength ? d.DocComment : null;
            var node = new OutlineNode(d.Kind, d.Name, d.Span, d.NameSpan, body, doc, new List<OutlineNode>());
            (open.Count > 0 ? (List<OutlineNode>)open.Peek().Children : roots).Add(node);
            open.Push(node);
        }

        return roots;
    }

    private static bool Inside(TextSpan inner, TextSpan outer) => inner.Start >= outer.Start && inner.End <= outer.End;
}
