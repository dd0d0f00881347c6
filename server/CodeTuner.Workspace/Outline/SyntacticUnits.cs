using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline.Declarations;
using CodeTuner.Workspace.Outline.Lexing;

namespace CodeTuner.Workspace.Outline;

/// <summary>What a <see cref="SyntacticUnit"/> is.</summary>
public enum SyntacticUnitKind
{
    /// <summary>The body of a function, without its braces and the white space at its ends.</summary>
    FunctionBody,

    /// <summary>What another pair of braces holds, or another indented suite, without the white space at its ends.</summary>
    Block,

    /// <summary>A statement or header: a whole logical line without its indentation and without a comment behind it.</summary>
    Line,

    /// <summary>What stands between the parentheses of a call or of a parameter list.</summary>
    Arguments,

    /// <summary>The value after an assignment or after <c>return</c>.</summary>
    Expression,

    /// <summary>A doc comment or doc string, with its marks.</summary>
    DocComment,
}

/// <summary>A piece of a document that a fill-in-the-middle objective may take out.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Span">Where it stands; never empty, and free of white space at its ends.</param>
public readonly record struct SyntacticUnit(SyntacticUnitKind Kind, TextSpan Span);

/// <summary>Finds the <see cref="SyntacticUnit"/>s of a document.</summary>
public static class SyntacticUnits
{
    private const int LongestExpression = 512;

    /// <summary>Finds the units of a document, in linear time.</summary>
    /// <param name="language">The document's language.</param>
    /// <param name="text">The whole document.</param>
    /// <param name="outline">Its outline, as <see cref="OutlineParser.Parse"/> gives it.</param>
    /// <returns>The units by start, longer ones first. One span may be there under several kinds.</returns>
    public static IReadOnlyList<SyntacticUnit> Of(Language language, string text, IReadOnlyList<OutlineNode> outline)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(outline);
        if (language == Language.Unknown)
            return [];
        var lexed = LexedText.Of(language, text);
        var lines = LogicalLines.Of(lexed);
        var units = new List<SyntacticUnit>();
        var bodies = new HashSet<int>();
        AddDeclared(text, outline, units, bodies);
        AddStatements(lexed, lines, units);
        if (language == Language.Python)
            AddSuites(lexed, lines, bodies, units);
        AddBracketed(lexed, bodies, units);
        AddExpressions(lexed, lines, units);
        return units
            .Distinct()
            .OrderBy(u => u.Span.Start)
            .ThenByDescending(u => u.Span.End)
            .ThenBy(u => u.Kind)
            .ToList();
    }

    private static void AddDeclared(string text, IReadOnlyList<OutlineNode> outline, List<SyntacticUnit> units, HashSet<int> bodies)
    {
        foreach (var node in outline.SelectMany(n => n.SelfAndDescendants()))
        {
            if (node.Body is { } body)
            {
                bodies.Add(body.Start);
                if (node.Kind == OutlineKind.Function)
                    Add(text, SyntacticUnitKind.FunctionBody, body, units);
            }

            if (node.DocComment is { } doc)
                Add(text, SyntacticUnitKind.DocComment, doc, units);
        }
    }

    private static void AddStatements(LexedText lexed, List<LogicalLine> lines, List<SyntacticUnit> units)
    {
        foreach (var line in lines)
        {
            var first = line.First;
            while (first <= line.Last && LexedText.Closes(lexed.Code[first]))
                first++;
            var onlyClosers = first > line.Last || (first == line.Last && lexed.Symbol(first) is ';' or ',' or '{');
            if (!onlyClosers)
                Add(lexed.Text, SyntacticUnitKind.Line, Between(lexed, line.First, line.Last), units);
        }
    }

    private static void AddSuites(LexedText lexed, List<LogicalLine> lines, HashSet<int> bodies, List<SyntacticUnit> units)
    {
        var ends = PythonOutline.SuiteEnds(lines);
        for (var i = 0; i < lines.Count; i++)
        {
            if (lexed.Symbol(lines[i].Last) != ':' || ends[i] == i + 1)
                continue;
            var span = Between(lexed, lines[i + 1].First, lines[ends[i] - 1].Last);
            if (!bodies.Contains(span.Start))
                Add(lexed.Text, SyntacticUnitKind.Block, span, units);
        }
    }

    private static void AddBracketed(LexedText lexed, HashSet<int> bodies, List<SyntacticUnit> units)
    {
        for (var i = 0; i < lexed.Code.Length; i++)
        {
            var close = lexed.Match[i];
            if (close <= i + 1)
                continue;
            var inside = new TextSpan(lexed.Code[i].End, lexed.Code[close].Start);
            if (lexed.Symbol(i) == '{' && !bodies.Contains(inside.Start))
                Add(lexed.Text, SyntacticUnitKind.Block, inside, units);
            else if (lexed.Symbol(i) == '(' && (lexed.IsName(i - 1) || lexed.Symbol(i - 1) is '>' or ')' or ']' or '!'))
                Add(lexed.Text, SyntacticUnitKind.Arguments, inside, units);
        }
    }

    private static void AddExpressions(LexedText lexed, List<LogicalLine> lines, List<SyntacticUnit> units)
    {
        var code = lexed.Code;
        var python = lexed.Language == Language.Python;
        var line = 0;
        var groups = new Stack<bool>();
        for (var i = 0; i < code.Length; i++)
        {
            while (lines[line].Last < i)
                line++;
            if (LexedText.Opens(code[i]))
                groups.Push(true);
            else if (LexedText.Closes(code[i]) && groups.Count > 0)
                groups.Pop();
            var starts = code[i].Is('=') || code[i].Is(Symbols.CompoundAssignment) || (lexed.IsKeyword(i) && lexed.IsWord(i, "return"));
            if (!starts)
                continue;
            var last = ExpressionLast(lexed, i + 1, lines, line, stopAtComma: groups.Count > 0 || !python);
            if (last > i)
                Add(lexed.Text, SyntacticUnitKind.Expression, Between(lexed, i + 1, last), units);
        }
    }

    /// <summary>
    /// The last token of the expression at <paramref name="first"/>, or -1. It ends at a separator, at the bracket around it, or
    /// where a logical line ends outside brackets.
    /// </summary>
    private static int ExpressionLast(LexedText lexed, int first, List<LogicalLine> lines, int line, bool stopAtComma)
    {
        var at = first;
        for (var steps = 0; at < lexed.Code.Length; steps++)
        {
            if (steps == LongestExpression)
                return -1;
            ref readonly var token = ref lexed.Code[at];
            if (token.Is(';') || (token.Is(',') && stopAtComma) || LexedText.Closes(token) || token.Kind == TokenKind.TemplateMiddle)
                break;
            if (at > lines[line].Last)
                break;
            if (LexedText.Opens(token))
            {
                if (lexed.Match[at] < 0)
                    return -1;
                at = lexed.Match[at];
                for (var jumps = 0; line < lines.Count - 1 && lines[line].Last < at; jumps++)
                {
                    if (jumps == LongestExpression)
                        return -1;
                    line++;
                }
            }

            at++;
        }

        return at - 1;
    }

    private static TextSpan Between(LexedText lexed, int first, int last) => new(lexed.Code[first].Start, lexed.Code[last].End);

    private static void Add(string text, SyntacticUnitKind kind, TextSpan span, List<SyntacticUnit> units)
    {
        var start = span.Start;
        var end = span.End;
        while (start < end && char.IsWhiteSpace(text[start]))
            start++;
        while (end > start && char.IsWhiteSpace(text[end - 1]))
            end--;
        if (start < end)
            units.Add(new SyntacticUnit(kind, new TextSpan(start, end)));
    }
}
