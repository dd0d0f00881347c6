using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Lexing;

namespace CodeTuner.Workspace.Outline;

/// <summary>The syntactic units of a document, for fill-in-the-middle spans that look like what people write at one go.</summary>
public static class SyntacticUnits
{
    /// <summary>All units, in the order of their starts.</summary>
    public static IReadOnlyList<SyntacticUnit> Of(Language language, string text, IReadOnlyList<OutlineNode> outline)
    {
        List<SyntacticUnit> units = [];
        void Add(SyntacticUnitKind kind, int start, int end)
        {
            while (start < end && char.IsWhiteSpace(text[start]))
                start++;
            while (end > start && char.IsWhiteSpace(text[end - 1]))
                end--;
            if (end > start)
                units.Add(new SyntacticUnit(kind, new TextSpan(start, end)));
        }

        foreach (OutlineNode node in outline.SelectMany(n => n.SelfAndDescendants()))
        {
            if (node.Kind == OutlineKind.Function && node.Body is { } body)
                Add(SyntacticUnitKind.FunctionBody, body.Start, body.End);
            if (node.DocComment is { } doc)
                Add(SyntacticUnitKind.DocComment, doc.Start, doc.End);
        }

        List<Token> tokens = Lexer.Tokens(language, text);
        Brackets brackets = Brackets.Match(text, tokens);
        for (int i = 0; i < tokens.Count; i++)
        {
            int close = brackets.PartnerOf(i);
            if (close > i && text[tokens[i].Start] is '{' or '(')
                Add(text[tokens[i].Start] == '{' ? SyntacticUnitKind.Block : SyntacticUnitKind.Arguments, tokens[i].End, tokens[close].Start);
            bool givesValue = tokens[i].Kind == TokenKind.Word ? tokens[i].In(text) is "return" : IsAssignment(text, tokens[i]);
            if (givesValue)
                Add(SyntacticUnitKind.Expression, tokens[i].End, LineEnd(text, tokens[i].End));
        }

        for (int start = 0; start < text.Length;)
        {
            int end = LineEnd(text, start);
            if (text.AsSpan(start, end - start).IndexOfAnyExcept(" \t\r{}();,[]") >= 0)
                Add(SyntacticUnitKind.Line, start, end);
            start = end + 1;
        }

        units.Sort((a, b) => a.Span.Start != b.Span.Start ? a.Span.Start.CompareTo(b.Span.Start) : b.Span.End.CompareTo(a.Span.End));
        return units;
    }

    private static bool IsAssignment(string text, Token token)
    {
        if (token.Kind != TokenKind.Symbol || text[token.Start] != '=')
            return false;
        char before = token.Start > 0 ? text[token.Start - 1] : ' ', after = token.End < text.Length ? text[token.End] : ' ';
        return after is not ('=' or '>') && before is not ('=' or '!' or '<' or '>');
    }

    private static int LineEnd(string text, int at)
    {
        int end = text.IndexOf('\n', at);
        return end < 0 ? text.Length : end;
    }
}
