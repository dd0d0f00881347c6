namespace CodeTuner.Workspace.Outline;

/// <summary>A kind of span that can be taken out and filled in.</summary>
public enum SyntacticUnitKind
{
    /// <summary>What a function does.</summary>
    FunctionBody,

    /// <summary>What stands between a pair of braces, or an indented suite.</summary>
    Block,

    /// <summary>A line of code without its indentation.</summary>
    Line,

    /// <summary>What stands between the parentheses of a call or declaration.</summary>
    Arguments,

    /// <summary>What follows <c>=</c> or <c>return</c> up to the line's end.</summary>
    Expression,

    /// <summary>A doc comment.</summary>
    DocComment,
}

/// <summary>A span that can be taken out and filled in.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Span">Where it stands; never empty.</param>
public readonly record struct SyntacticUnit(SyntacticUnitKind Kind, TextSpan Span);
