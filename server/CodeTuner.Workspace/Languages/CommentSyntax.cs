namespace CodeTuner.Workspace.Languages;

/// <summary>Where a language's doc comment stands.</summary>
public enum DocCommentPlacement
{
    /// <summary>Directly above the declaration.</summary>
    Above,

    /// <summary>As the first statement of the body (Python's doc string).</summary>
    InsideBody,
}

/// <summary>How a language's doc comment is written: an opening, a prefix for each line, a closing.</summary>
/// <param name="Placement">Above the declaration or inside its body.</param>
/// <param name="Open">What opens the comment (<c>/**</c>), or empty where each line stands for itself.</param>
/// <param name="LinePrefix">What each line starts with, the blank after it included (<c>/// </c>, <c> * </c>), or empty.</param>
/// <param name="Close">What closes the comment (<c> */</c>), or empty.</param>
public sealed record DocCommentStyle(DocCommentPlacement Placement, string Open, string LinePrefix, string Close);

/// <summary>How a language writes comments.</summary>
/// <param name="Line">What starts a comment that runs to the line's end.</param>
/// <param name="BlockOpen">What opens a block comment, or null where the language has none.</param>
/// <param name="BlockClose">What closes a block comment, or null.</param>
/// <param name="Doc">The usual doc comment.</param>
public sealed record CommentSyntax(string Line, string? BlockOpen, string? BlockClose, DocCommentStyle Doc);
