using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Outline.Lexing;

/// <summary>One statement or header as written: a line with the lines that continue it.</summary>
/// <param name="First">Its first code token.</param>
/// <param name="Last">Its last code token.</param>
/// <param name="Indentation">The column of its first token; a tab goes to the next multiple of 8, as Python counts.</param>
internal readonly record struct LogicalLine(int First, int Last, int Indentation);

/// <summary>
/// Joins lines that an open bracket, an operator or a backslash continues. In Python every bracket joins, in the other languages
/// every bracket but a brace. A Python line that starts with <c>def</c> or <c>class</c> is never joined, so that a bracket left
/// open does not swallow the rest of the document.
/// </summary>
internal static class LogicalLines
{
    public static List<LogicalLine> Of(LexedText lexed)
    {
        var code = lexed.Code;
        var lines = new List<LogicalLine>(code.Length / 8 + 1);
        var python = lexed.Language == Language.Python;
        var open = new Stack<bool>();
        var first = 0;
        for (var i = 0; i < code.Length; i++)
        {
            ref readonly var token = ref code[i];
            if (i > 0 && token.NewLineBefore)
            {
                var joined = open.Count > 0 && open.Peek();
                if (joined && python && lexed.IsKeyword(i) && lexed.Word(i) is "def" or "class")
                {
                    open.Clear();
                    joined = false;
                }

                if (!joined && (python || (!IsOperator(code[i - 1]) && !ContinuesAbove(token))))
                {
                    lines.Add(Line(lexed, first, i - 1));
                    first = i;
                }
            }

            if (LexedText.Opens(token))
                open.Push(python || !token.Is('{'));
            else if (LexedText.Closes(token) && open.Count > 0)
                open.Pop();
        }

        if (code.Length > 0)
            lines.Add(Line(lexed, first, code.Length - 1));
        return lines;
    }

    /// <summary>Whether the token is an operator that wants an operand after it.</summary>
    public static bool IsOperator(in Token token) => token.Kind == TokenKind.Punctuation && token.Symbol is '.' or '?' or '+' or '-' or '*' or '/' or '%' or
        '&' or '|' or '^' or '=' or Symbols.Comparison or Symbols.CompoundAssignment or Symbols.Logical or Symbols.FatArrow or Symbols.ThinArrow;

    private static bool ContinuesAbove(in Token token) => token.Kind == TokenKind.Punctuation &&
        token.Symbol is '.' or '?' or Symbols.Logical or '=' or Symbols.ThinArrow or Symbols.FatArrow;

    private static LogicalLine Line(LexedText lexed, int first, int last)
    {
        var start = lexed.Code[first].Start;
        var lineStart = start == 0 ? 0 : lexed.Text.AsSpan(0, start).LastIndexOfAny('\n', '\r') + 1;
        var column = 0;
        for (var i = lineStart; i < start; i++)
            column = lexed.Text[i] == '\t' ? (column / 8 + 1) * 8 : column + 1;
        return new LogicalLine(first, last, column);
    }
}
