using CodeTuner.LanguageServer.Protocol.Lsp;

namespace CodeTuner.LanguageServer.Documents;

/// <summary>An open document as it was at one version; never changed.</summary>
/// <param name="Uri">As the client writes it.</param>
/// <param name="LanguageId">The VS Code language identifier.</param>
/// <param name="Version">Grows with each change.</param>
/// <param name="Text">The text.</param>
/// <param name="Encoding">How positions in it are counted.</param>
internal sealed record Document(string Uri, string LanguageId, int Version, DocumentText Text, PositionEncoding Encoding)
{
    /// <summary>The offset of a position in <see cref="Text"/>.</summary>
    public int OffsetAt(Position position) => Encoding.OffsetAt(Text, position);

    /// <summary>The position of an offset in <see cref="Text"/>.</summary>
    public Position PositionAt(int offset) => Encoding.PositionAt(Text, offset);

    /// <summary>This document after changes, each made to what the one before left.</summary>
    public Document With(int version, IEnumerable<TextDocumentContentChangeEvent> changes)
    {
        DocumentText text = Text;
        foreach (TextDocumentContentChangeEvent change in changes)
        {
            if (change.Range is { } range)
            {
                (int start, int end) = Encoding.OffsetsOf(text, range);
                text = text.Replace(start, end, change.Text);
            }
            else
            {
                text = text.Replace(0, text.Length, change.Text);
            }
        }

        return this with { Version = version, Text = text };
    }
}
