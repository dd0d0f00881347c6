using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline.Lexing;

namespace CodeTuner.Workspace.Outline;

/// <summary>How coarse a bound is.</summary>
public enum SyntacticBoundKind
{
    /// <summary>The start of any line.</summary>
    Line,

    /// <summary>The start of a line that starts a statement.</summary>
    Statement,

    /// <summary>The start of the first line of a type or of a function outside functions, its doc comment included.</summary>
    Declaration,
}

/// <summary>
/// The places where a document may be cut so that what is left reads well: what a prompt keeps of a long file begins and ends
/// there. The start and the end of the document are bounds of every kind.
/// </summary>
public sealed class SyntacticBounds
{
    private readonly int[] lines;
    private readonly int[] statements;
    private readonly int[] declarations;

    private SyntacticBounds(int[] lines, int[] statements, int[] declarations)
    {
        this.lines = lines;
        this.statements = statements;
        this.declarations = declarations;
    }

    /// <summary>Finds the bounds of a document.</summary>
    /// <param name="language">The document's language.</param>
    /// <param name="text">The whole document.</param>
    /// <param name="outline">Its outline, as <see cref="OutlineParser.Parse"/> gives it.</param>
    public static SyntacticBounds Of(Language language, string text, IReadOnlyList<OutlineNode> outline)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(outline);
        var lines = new List<int> { 0 };
        for (var at = text.IndexOf('\n'); at >= 0 && at + 1 < text.Length; at = text.IndexOf('\n', at + 1))
            lines.Add(at + 1);
        if (text.Length > 0)
            lines.Add(text.Length);
        var lineStarts = lines.ToArray();

        var lexed = LexedText.Of(language, text);
        var statements = LogicalLines.Of(lexed).Select(l => lexed.Code[l.First].Start);
        var declarations = outline.SelectMany(Outside).Select(n => n.DocComment is { } d ? Math.Min(d.Start, n.Span.Start) : n.Span.Start);
        return new SyntacticBounds(lineStarts, StartsOf(statements, lineStarts), StartsOf(declarations, lineStarts));

        static IEnumerable<OutlineNode> Outside(OutlineNode node) =>
            node.Kind == OutlineKind.Type ? node.Children.SelectMany(Outside).Prepend(node) : [node];
    }

    /// <summary>The nearest bound of the kind at or before <paramref name="position"/>.</summary>
    public int AtOrBefore(int position, SyntacticBoundKind kind)
    {
        var starts = Starts(kind);
        var found = Array.BinarySearch(starts, position);
        return starts[found >= 0 ? found : Math.Max(0, ~found - 1)];
    }

    /// <summary>The nearest bound of the kind at or after <paramref name="position"/>.</summary>
    public int AtOrAfter(int position, SyntacticBoundKind kind)
    {
        var starts = Starts(kind);
        var found = Array.BinarySearch(starts, position);
        return starts[found >= 0 ? found : Math.Min(starts.Length - 1, ~found)];
    }

    /// <summary>
    /// Where to begin the text kept before a cursor: the coarsest bound at or after <paramref name="position"/> that loses no more
    /// than <paramref name="slack"/> UTF-16 units, or <paramref name="position"/> itself where there is none.
    /// </summary>
    public int Begin(int position, int slack)
    {
        for (var kind = SyntacticBoundKind.Declaration; kind >= SyntacticBoundKind.Line; kind--)
        {
            var bound = AtOrAfter(position, kind);
            if (bound >= position && bound - position <= slack)
                return bound;
        }

        return position;
    }

    /// <summary>
    /// Where to end the text kept after a cursor: the coarsest bound at or before <paramref name="position"/> that loses no more
    /// than <paramref name="slack"/> UTF-16 units, or <paramref name="position"/> itself where there is none.
    /// </summary>
    public int Finish(int position, int slack)
    {
        for (var kind = SyntacticBoundKind.Declaration; kind >= SyntacticBoundKind.Line; kind--)
        {
            var bound = AtOrBefore(position, kind);
            if (bound <= position && position - bound <= slack)
                return bound;
        }

        return position;
    }

    private int[] Starts(SyntacticBoundKind kind) => kind switch
    {
        SyntacticBoundKind.Declaration => declarations,
        SyntacticBoundKind.Statement => statements,
        _ => lines,
    };

    /// <summary>The starts of the lines that the positions are on, with the document's own ends.</summary>
    private static int[] StartsOf(IEnumerable<int> positions, int[] lineStarts)
    {
        var starts = new SortedSet<int> { lineStarts[0], lineStarts[^1] };
        foreach (var position in positions)
        {
            var found = Array.BinarySearch(lineStarts, position);
            starts.Add(lineStarts[found >= 0 ? found : ~found - 1]);
        }

        return [.. starts];
    }
}
