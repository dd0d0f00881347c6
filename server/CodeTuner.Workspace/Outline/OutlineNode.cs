namespace CodeTuner.Workspace.Outline;

/// <summary>What an <see cref="OutlineNode"/> stands for.</summary>
public enum OutlineKind
{
    /// <summary>A class, struct, record, interface, enum, trait, impl block or type alias with members.</summary>
    Type,

    /// <summary>A function, method, constructor, accessor or property with a body.</summary>
    Function,
}

/// <summary>A half-open range of UTF-16 positions in a document: [<paramref name="Start"/>, <paramref name="End"/>).</summary>
/// <param name="Start">The first position.</param>
/// <param name="End">The position after the last.</param>
public readonly record struct TextSpan(int Start, int End)
{
    /// <summary>The number of UTF-16 units.</summary>
    public int Length => End - Start;

    /// <summary>Whether <paramref name="position"/> lies inside, the end excluded.</summary>
    public bool Contains(int position) => position >= Start && position < End;
}

/// <summary>A function or type in a document, with the places that objectives and features work on.</summary>
/// <param name="Kind">Function or type.</param>
/// <param name="Name">The declared name, without parameters.</param>
/// <param name="Span">The whole declaration: from its first attribute or modifier to the end of its body, its doc comment excluded.</param>
/// <param name="NameSpan">Where the name stands.</param>
/// <param name="Body">
/// What a reader would fill in: between the braces (braces excluded), the expression after <c>=&gt;</c>,
/// or the indented suite in Python (its doc string included). Null where there is none.
/// </param>
/// <param name="DocComment">The doc comment (<c>///</c>, <c>/** */</c>, the lines directly above, or Python's doc string), or null.</param>
/// <param name="Children">What is declared inside, in the document's order.</param>
public sealed record OutlineNode(
    OutlineKind Kind,
    string Name,
    TextSpan Span,
    TextSpan NameSpan,
    TextSpan? Body,
    TextSpan? DocComment,
    IReadOnlyList<OutlineNode> Children)
{
    /// <summary>This node and everything inside it, parents first.</summary>
    public IEnumerable<OutlineNode> SelfAndDescendants() => Children.SelectMany(c => c.SelfAndDescendants()).Prepend(this);
}
