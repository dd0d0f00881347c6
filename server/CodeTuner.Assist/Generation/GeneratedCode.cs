using CodeTuner.Assist.Text;

namespace CodeTuner.Assist.Generation;

/// <summary>Why there is no code.</summary>
public enum NoCodeReason
{
    /// <summary>There is code.</summary>
    None,

    /// <summary>The file is in no language that CodeTuner reads.</summary>
    UnknownLanguage,

    /// <summary>The place is not in or behind a comment.</summary>
    NotAComment,

    /// <summary>The comment stands behind code on its line, so it explains that code.</summary>
    BehindCode,

    /// <summary>The model wrote nothing that belongs under the comment, or only what stands there already.</summary>
    NothingToSay,
}

/// <summary>Code from a comment.</summary>
/// <param name="Offset">Where it is inserted: the end of the comment's last line.</param>
/// <param name="Replaces">
/// How much of the document behind <paramref name="Offset"/> it replaces: a blank line under the comment where the cursor is on it, or nothing.
/// </param>
/// <param name="Text">The code with a line end before it and none behind it; indented as the comment is, with the document's line ends.</param>
/// <param name="Confidence">The mean natural-log probability of a token that the model wrote.</param>
public sealed record GeneratedCode(int Offset, int Replaces, string Text, double Confidence)
{
    /// <summary>The edit that inserts it.</summary>
    public DocumentEdit Edit => new(new(Offset, Offset + Replaces), Text);
}

/// <summary>What came of a request: code, or why there is none.</summary>
/// <param name="Code">The code, or null.</param>
/// <param name="Reason">Why there is none.</param>
public sealed record GenerationOutcome(GeneratedCode? Code, NoCodeReason Reason);
