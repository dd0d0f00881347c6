namespace CodeTuner.Assist.Completion;

/// <summary>Guesses where somebody writes on after accepting a completion.</summary>
internal static class NextPlace
{
    /// <summary>
    /// Behind the completion where the line goes on or the completion was cut short; otherwise on a new line below, indented as the
    /// editor would.
    /// </summary>
    /// <param name="path">The document's path.</param>
    /// <param name="text">The document with the completion.</param>
    /// <param name="offset">The cursor behind it.</param>
    /// <param name="isWhole">Whether the completion said all that the model had to say.</param>
    public static CompletionRequest After(string path, string text, int offset, bool isWhole)
    {
        string prefix = text[..offset], suffix = text[offset..];
        CursorPlace place = new(new CompletionRequest(path, prefix, suffix));
        if (!isWhole || place.RestOfLine.Length > 0)
            return new CompletionRequest(path, prefix, suffix);
        string indentation = place.Indentation;
        if (place.LineStart.TrimEnd() is [.., '{' or ':' or '(' or '['])
            indentation += FileIndentation.Of(prefix, suffix).Unit;
        return new CompletionRequest(path, prefix + (place.UsesCarriageReturns ? "\r\n" : "\n") + indentation, suffix);
    }
}
