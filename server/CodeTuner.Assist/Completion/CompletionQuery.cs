namespace CodeTuner.Assist.Completion;

/// <summary>A question of the editor: what comes at a place in a document?</summary>
/// <param name="Path">The document's path from the workspace's root, with forward slashes.</param>
/// <param name="Text">Its whole text.</param>
/// <param name="Offset">The cursor, in UTF-16 units; one outside the text is moved to its end.</param>
public sealed record CompletionQuery(string Path, string Text, int Offset)
{
    /// <summary>Whether the user asked by a key, rather than by typing.</summary>
    public bool IsExplicit { get; init; }

    /// <summary>Whether text is selected.</summary>
    public bool HasSelection { get; init; }

    /// <summary>What the completion list has selected, or null.</summary>
    public SelectedCompletion? Selected { get; init; }
}

/// <summary>The item that the editor's completion list has selected: the answer must begin with it.</summary>
/// <param name="Start">Where what it replaces starts.</param>
/// <param name="End">Where that ends; not before the cursor.</param>
/// <param name="Text">The item's text.</param>
public sealed record SelectedCompletion(int Start, int End, string Text);

/// <summary>What to show.</summary>
/// <param name="Id">Names it in what the editor tells later. The same completion keeps its id while somebody types through it.</param>
/// <param name="Text">The text, with the document's line ends; never empty.</param>
/// <param name="Start">Where what it replaces starts; the cursor, unless a selected item of the completion list is replaced.</param>
/// <param name="End">Where that ends.</param>
/// <param name="LogProbability">The mean natural-log probability of a token.</param>
/// <param name="FromCache">Whether no model was asked.</param>
public sealed record CompletionAnswer(string Id, string Text, int Start, int End, double LogProbability, bool FromCache);
