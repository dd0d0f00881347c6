using CodeTuner.Workspace.Outline.Lexing;

namespace CodeTuner.Workspace.Outline.Declarations;

/// <summary>Python: functions and classes by <c>def</c>, <c>class</c> and indentation, with their decorators and doc strings.</summary>
internal static class PythonOutline
{
    public static IReadOnlyList<OutlineNode> Parse(LexedText lexed)
    {
        var lines = LogicalLines.Of(lexed);
        var suiteEnds = SuiteEnds(lines);
        var found = new List<Declaration>();
        for (int i = 0, decorators = 0; i < lines.Count; i++)
        {
            if (lexed.Symbol(lines[i].First) == '@')
            {
                decorators++;
                continue;
            }

            if (Read(lexed, lines, i, suiteEnds[i], decorators) is { } declaration)
                found.Add(declaration);
            decorators = 0;
        }

        return Declaration.Nest(found, lexed.Text.Length);
    }

    /// <summary>For each line, the line after its suite: the next one that is not indented more. Linear, with one stack.</summary>
    public static int[] SuiteEnds(List<LogicalLine> lines)
    {
        var ends = new int[lines.Count];
        var open = new Stack<int>();
        for (var i = 0; i < lines.Count; i++)
        {
            while (open.Count > 0 && lines[open.Peek()].Indentation >= lines[i].Indentation)
                ends[open.Pop()] = i;
            open.Push(i);
        }

        while (open.Count > 0)
            ends[open.Pop()] = lines.Count;
        return ends;
    }

    private static Declaration? Read(LexedText lexed, List<LogicalLine> lines, int index, int suiteEnd, int decorators)
    {
        var line = lines[index];
        var at = line.First;
        if (lexed.IsWord(at, "async"))
            at++;
        if (at >= line.Last || !lexed.IsKeyword(at) || lexed.Word(at) is not ("def" or "class") || !lexed.IsName(at + 1))
            return null;
        var kind = lexed.IsWord(at, "def") ? OutlineKind.Function : OutlineKind.Type;
        var start = lexed.Code[lines[index - decorators].First].Start;
        var code = lexed.Code;
        var name = new TextSpan(code[at + 1].Start, code[at + 1].End);
        var colon = HeaderColon(lexed, at + 2, line.Last);
        TextSpan? body = null, doc = null;
        var end = code[line.Last].End;
        if (colon >= 0 && colon < line.Last)
        {
            body = new TextSpan(code[colon + 1].Start, end);
            doc = DocString(lexed, new LogicalLine(colon + 1, line.Last, 0));
        }
        else if (colon >= 0 && suiteEnd > index + 1)
        {
            end = code[lines[suiteEnd - 1].Last].End;
            body = new TextSpan(SuiteStart(lexed, colon, lines[index + 1].First), end);
            doc = DocString(lexed, lines[index + 1]);
        }

        return new Declaration(kind, lexed.Text[name.Start..name.End], new TextSpan(start, end), name, body, doc);
    }

    /// <summary>The colon that ends a header, outside brackets, or -1.</summary>
    public static int HeaderColon(LexedText lexed, int from, int last)
    {
        for (var i = from; i <= last; i++)
        {
            if (lexed.Code[i].Is(':'))
                return i;
            if (LexedText.Opens(lexed.Code[i]) && lexed.Match[i] > i)
                i = lexed.Match[i];
        }

        return -1;
    }

    /// <summary>A suite starts with its first statement, or with the comments on their own lines before that.</summary>
    private static int SuiteStart(LexedText lexed, int colon, int first)
    {
        for (var i = lexed.Places[colon] + 1; i < lexed.Places[first]; i++)
        {
            if (lexed.All[i].NewLineBefore)
                return lexed.All[i].Start;
        }

        return lexed.Code[first].Start;
    }

    private static TextSpan? DocString(LexedText lexed, LogicalLine line)
    {
        var first = lexed.Code[line.First];
        var alone = line.First == line.Last || lexed.Symbol(line.First + 1) == ';';
        return alone && first.Kind == TokenKind.String ? new TextSpan(first.Start, first.End) : null;
    }
}
