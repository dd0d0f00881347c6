using CodeTuner.Workspace.Lexing;

namespace CodeTuner.Workspace.Outline;

/// <summary>The outline of Python, from the indentation of its logical lines.</summary>
internal static class PythonOutline
{
    public static IReadOnlyList<OutlineNode> Parse(string text)
    {
        List<PythonLine> lines = PythonLine.Split(text);
        int at = 0;
        return Suite(text, lines, ref at, -1, 0);
    }

    // The declarations of the lines that are indented deeper than their parent.
    private static List<OutlineNode> Suite(string text, List<PythonLine> lines, ref int at, int parentIndent, int depth)
    {
        List<OutlineNode> nodes = [];
        int decorators = -1;
        while (at < lines.Count && lines[at].Indent > parentIndent)
        {
            PythonLine line = lines[at];
            if (line.First(text) is "@")
            {
                decorators = decorators < 0 ? at : decorators;
                at++;
                continue;
            }

            if (Declared(text, line) is { } declared && depth < 100)
                nodes.Add(Declaration(text, lines, ref at, decorators < 0 ? at : decorators, declared, depth));
            else
                at++;
            decorators = -1;
        }

        return nodes;
    }

    private static OutlineNode Declaration(
        string text, List<PythonLine> lines, ref int at, int start, (OutlineKind Kind, Token Name) declared, int depth)
    {
        PythonLine header = lines[at++];
        int bodyStart = header.BodyStart(text);
        List<OutlineNode> children = [];
        int firstInside = at;
        if (bodyStart < 0)
            children = Suite(text, lines, ref at, header.Indent, depth + 1);
        int end = at > firstInside ? lines[at - 1].End : header.End;
        TextSpan? body = bodyStart >= 0 ? new TextSpan(bodyStart, header.End)
            : at > firstInside ? new TextSpan(lines[firstInside].Start, end) : null;
        TextSpan? doc = at > firstInside && lines[firstInside].Tokens is [{ Kind: TokenKind.Literal } only] ? only.Span : null;
        return new OutlineNode(
            declared.Kind, declared.Name.In(text).ToString(), new TextSpan(lines[start].Start, end), declared.Name.Span, body, doc, children);
    }

    private static (OutlineKind Kind, Token Name)? Declared(string text, PythonLine line)
    {
        int i = line.First(text) is "async" ? 1 : 0;
        if (i + 1 >= line.Tokens.Count || line.Tokens[i + 1].Kind != TokenKind.Word)
            return null;
        return line.Tokens[i].In(text) switch
        {
            "def" => (OutlineKind.Function, line.Tokens[i + 1]),
            "class" => (OutlineKind.Type, line.Tokens[i + 1]),
            _ => null,
        };
    }
}
