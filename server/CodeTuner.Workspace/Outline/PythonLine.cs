using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Lexing;

namespace CodeTuner.Workspace.Outline;

/// <summary>A logical line of Python: what brackets and literals hold together is one line.</summary>
/// <param name="Indent">The width of its indentation; a tab goes to the next multiple of eight.</param>
/// <param name="Tokens">Its tokens, at least one; comments are left out.</param>
internal sealed record PythonLine(int Indent, IReadOnlyList<Token> Tokens)
{
    public int Start => Tokens[0].Start;

    public int End => Tokens[^1].End;

    public ReadOnlySpan<char> First(string text) => Tokens[0].In(text);

    public static List<PythonLine> Split(string text)
    {
        List<PythonLine> lines = [];
        List<Token> line = [];
        int depth = 0, previousEnd = 0;
        foreach (Token token in Lexer.Tokens(Language.Python, text))
        {
            if (token.Kind == TokenKind.Comment)
                continue;
            ReadOnlySpan<char> between = text.AsSpan(previousEnd, token.Start - previousEnd);
            if (line.Count > 0 && StartsNewLine(text, line, between, token, ref depth))
            {
                lines.Add(new PythonLine(IndentOf(text, line[0].Start), line));
                line = [];
            }

            if (token.Kind == TokenKind.Open)
                depth++;
            else if (token.Kind == TokenKind.Close)
                depth = Math.Max(0, depth - 1);
            line.Add(token);
            previousEnd = token.End;
        }

        if (line.Count > 0)
            lines.Add(new PythonLine(IndentOf(text, line[0].Start), line));
        return lines;
    }

    /// <summary>Where the body of a one-line suite starts ("if x: y"), or -1 where the suite is on the lines below.</summary>
    public int BodyStart(string text)
    {
        int depth = 0;
        for (int i = 0; i < Tokens.Count; i++)
        {
            if (Tokens[i].Kind == TokenKind.Open)
                depth++;
            else if (Tokens[i].Kind == TokenKind.Close)
                depth--;
            else if (depth == 0 && text[Tokens[i].Start] == ':')
                return i + 1 < Tokens.Count ? Tokens[i + 1].Start : -1;
        }

        return -1;
    }

    private static bool StartsNewLine(string text, List<Token> line, ReadOnlySpan<char> between, Token token, ref int depth)
    {
        int newLine = between.LastIndexOf('\n');
        if (newLine < 0 || (text[line[^1].Start] == '\\' && line[^1].Kind == TokenKind.Symbol))
            return false;
        if (depth == 0)
            return true;

        // An unclosed bracket must not swallow the file: a declaration at the margin starts afresh.
        bool atMargin = between.Length - newLine == 1;
        if (!atMargin || token.Kind != TokenKind.Word || token.In(text) is not ("def" or "class" or "async" or "import" or "from"))
            return false;
        depth = 0;
        return true;
    }

    private static int IndentOf(string text, int start)
    {
        int lineStart = start == 0 ? 0 : text.LastIndexOf('\n', start - 1) + 1;
        int width = 0;
        for (int i = lineStart; i < start; i++)
            width = text[i] == '\t' ? (width / 8 * 8) + 8 : width + 1;
        return width;
    }
}
