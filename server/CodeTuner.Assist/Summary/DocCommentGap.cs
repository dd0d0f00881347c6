using CodeTuner.Assist.Text;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline;

namespace CodeTuner.Assist.Summary;

/// <summary>The place of a declaration's doc comment, in its language's form: above it, or first in its body.</summary>
internal sealed class DocCommentGap
{
    private readonly string document;
    private readonly TextSpan? documented;
    private readonly DocCommentWriter writer;
    private readonly string indentation;
    private readonly string newLine;

    // What the edit replaces: nothing, or the white space between a header and the body on its line.
    private readonly TextSpan place;
    private readonly bool onHeaderLine;

    private DocCommentGap(SummaryTarget target, string document, TextSpan place, string indentation, bool onHeaderLine)
    {
        this.document = document;
        this.place = place;
        this.indentation = indentation;
        this.onHeaderLine = onHeaderLine;
        documented = target.Node.DocComment;
        newLine = LineEnds.Of(document);
        writer = new DocCommentWriter(target.Language, target.Node.Name, indentation, newLine);
    }

    /// <summary>The gap, or null where no comment can be put.</summary>
    public static DocCommentGap? Of(SummaryTarget target, string document) =>
        target.Language.Info().Comments.Doc.Placement == DocCommentPlacement.Above ? Above(target, document) : InBody(target, document);

    /// <summary>What stands before the words of the comment, an earlier doc comment left out.</summary>
    public string Prefix()
    {
        int end = documented is { } old && old.Start < place.Start ? LineStart(document, old.Start) : place.Start;
        return document[..end] + (onHeaderLine ? newLine : "") + writer.Opening;
    }

    /// <summary>What would stand after the gap if another declaration (or, for a doc string, its body) followed it.</summary>
    public string SuffixWith(string other) => writer.Closing + indentation + other + newLine;

    /// <summary>What stands after the words of the comment, an earlier doc comment left out.</summary>
    public string Suffix()
    {
        int from = place.End;
        if (documented is { } old && old.Start >= place.End)
        {
            int lineEnd = document.IndexOf('\n', old.End);
            from = lineEnd < 0 ? document.Length : lineEnd + 1;
        }

        return writer.Closing + (onHeaderLine ? indentation : "") + document[from..];
    }

    /// <summary>The edit that writes the summary.</summary>
    public DocumentEdit Insertion(string summary)
    {
        string comment = writer.Write(summary);
        return new DocumentEdit(place, onHeaderLine ? newLine + comment + indentation : comment);
    }

    private static DocCommentGap? Above(SummaryTarget target, string document)
    {
        int start = target.Node.Span.Start, line = LineStart(document, start);
        string before = document[line..start];
        return string.IsNullOrWhiteSpace(before) ? new DocCommentGap(target, document, new TextSpan(line, line), before, onHeaderLine: false) : null;
    }

    private static DocCommentGap? InBody(SummaryTarget target, string document)
    {
        if (target.Node.Body is not { } body)
            return null;
        int first = body.Start;
        while (first < body.End && char.IsWhiteSpace(document[first]))
            first++;
        int line = LineStart(document, first);
        if (line > target.Node.NameSpan.End && string.IsNullOrWhiteSpace(document[line..first]))
            return new DocCommentGap(target, document, new TextSpan(line, line), document[line..first], onHeaderLine: false);

        int header = first;
        while (header > line && document[header - 1] is ' ' or '\t')
            header--;
        if (header == line || document[header - 1] != ':')
            return null;
        string indentation = Indentation.Of(document.AsSpan(LineStart(document, target.Node.NameSpan.Start)));
        return new DocCommentGap(
            target, document, new TextSpan(header, first), indentation + (indentation.StartsWith('\t') ? "\t" : "    "), onHeaderLine: true);
    }

    private static int LineStart(string document, int position) => position == 0 ? 0 : document.LastIndexOf('\n', position - 1) + 1;
}
