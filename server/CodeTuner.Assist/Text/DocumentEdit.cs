using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Text;

/// <summary>A change of a document.</summary>
/// <param name="Span">What is replaced; empty where something is only inserted.</param>
/// <param name="Text">What stands there then, with the document's own line ends.</param>
public sealed record DocumentEdit(TextSpan Span, string Text)
{
    /// <summary>The document after the change.</summary>
    public string Apply(string document) => string.Concat(document.AsSpan(0, Span.Start), Text, document.AsSpan(Span.End));
}
