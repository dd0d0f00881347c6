using CodeTuner.Assist.Text;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Generation;

/// <summary>A comment that code is to be written under: its lines, and where the code goes.</summary>
/// <param name="Span">The comment; neighbouring line comments together.</param>
/// <param name="Indentation">What its first line begins with.</param>
/// <param name="Insertion">What the code replaces: nothing behind the comment, or a blank line under it.</param>
internal sealed record CommentPlace(TextSpan Span, string Indentation, TextSpan Insertion)
{
    /// <summary>Finds the comment at a position.</summary>
    public static (CommentPlace? Place, NoCodeReason Reason) Find(Language language, string text, int offset)
    {
        if (language == Language.Unknown)
            return (null, NoCodeReason.UnknownLanguage);
        offset = Math.Clamp(offset, 0, text.Length);
        DocumentLines lines = new(text);
        Remark[] comments = [.. Remarks.Comments(language, text), .. DocStrings(language, text)];
        Array.Sort(comments, (a, b) => a.Span.Start.CompareTo(b.Span.Start));
        int at = Array.FindLastIndex(comments, c => c.Span.Start <= offset);

        // A cursor in the indentation is on the comment's line too.
        if (at + 1 < comments.Length && comments[at + 1].Span is var next && lines.At(next.Start) == lines.At(offset)
            && text.AsSpan(offset, next.Start - offset).IsWhiteSpace())
        {
            at++;
        }

        if (at < 0 || !IsBehind(lines, comments[at].Span, offset))
            return (null, NoCodeReason.NotAComment);
        if (!StandsAlone(lines, comments[at].Span))
            return (null, comments[at].Span.Start <= offset ? NoCodeReason.BehindCode : NoCodeReason.NotAComment);
        int first = at, last = at;
        while (first > 0 && Joins(lines, comments[first - 1], comments[first]))
            first--;
        while (last + 1 < comments.Length && Joins(lines, comments[last], comments[last + 1]))
            last++;
        TextSpan span = new(comments[first].Span.Start, comments[last].Span.End);
        return (new CommentPlace(span, Text.Indentation.Of(lines.Line(lines.At(span.Start))), Under(lines, span, offset)), NoCodeReason.None);
    }

    // In Python a function's doc string says what its body is to do.
    private static IEnumerable<Remark> DocStrings(Language language, string text) => language != Language.Python
        ? []
        : OutlineParser.Parse(language, text).SelectMany(n => n.SelfAndDescendants())
            .Select(n => n.DocComment).OfType<TextSpan>().Select(s => new Remark(s, IsBlock: true));

    // On the comment's lines, behind it, or on the blank line under it.
    private static bool IsBehind(DocumentLines lines, TextSpan comment, int offset)
    {
        if (offset <= comment.End)
            return true;
        int below = lines.At(offset) - lines.At(comment.End);
        return below <= 1 && lines.Text.AsSpan(comment.End, offset - comment.End).IsWhiteSpace()
            && (below == 0 || lines.Line(lines.At(offset)).IsWhiteSpace());
    }

    private static bool StandsAlone(DocumentLines lines, TextSpan comment)
    {
        int start = lines.Span(lines.At(comment.Start)).Start, end = lines.Span(lines.At(comment.End)).End;
        return lines.Text.AsSpan(start, comment.Start - start).IsWhiteSpace() && lines.Text.AsSpan(comment.End, Math.Max(0, end - comment.End)).IsWhiteSpace();
    }

    private static bool Joins(DocumentLines lines, Remark above, Remark below)
    {
        int line = lines.At(below.Span.Start);
        return !above.IsBlock && !below.IsBlock && lines.At(above.Span.Start) == line - 1
            && StandsAlone(lines, above.Span) && StandsAlone(lines, below.Span)
            && Text.Indentation.Width(lines.Line(line)) == Text.Indentation.Width(lines.Line(line - 1));
    }

    private static TextSpan Under(DocumentLines lines, TextSpan comment, int offset)
    {
        int line = lines.At(comment.End);
        int end = lines.Span(line).End;
        return lines.At(offset) == line + 1 ? new TextSpan(end, lines.Span(line + 1).End) : new TextSpan(end, end);
    }
}
