namespace CodeTuner.Assist.Text;

/// <summary>How a document ends its lines.</summary>
internal static class LineEnds
{
    /// <summary>CR LF where the document's first line ends so, and LF otherwise.</summary>
    public static string Of(string document)
    {
        int at = document.IndexOf('\n', StringComparison.Ordinal);
        return at > 0 && document[at - 1] == '\r' ? "\r\n" : "\n";
    }

    /// <summary>The text with LF alone.</summary>
    public static string Unify(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
}
