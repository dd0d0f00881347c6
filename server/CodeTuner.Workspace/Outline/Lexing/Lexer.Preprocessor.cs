namespace CodeTuner.Workspace.Outline.Lexing;

/// <content>
/// The preprocessor lines of C and C++. Where the branches of a condition open or close different brackets, only the first is
/// part of the structure, so that <c>#ifdef A / if (a) { / #else / if (b) { / #endif / }</c> stays balanced.
/// </content>
internal sealed partial class Lexer
{
    private readonly Stack<Condition> conditions = new();
    private bool inactive;
    private int brackets;

    private void CountBracket(char symbol)
    {
        if (inactive)
            return;
        if (symbol is '(' or '[' or '{')
            brackets++;
        else if (symbol is ')' or ']' or '}')
            brackets--;
    }

    private void ReadDirective()
    {
        var start = position;
        var end = DirectiveEnd(start);
        var line = text.AsSpan(start + 1, end - start - 1).TrimStart();
        if (line.StartsWith("if"))
        {
            conditions.Push(new Condition(brackets, inactive, false));
            var rest = line[2..].Trim();
            inactive |= rest is "0" or "false";
        }
        else if (line.StartsWith("el") && conditions.Count > 0)
        {
            var condition = conditions.Pop();
            condition = condition with { Unbalanced = condition.Unbalanced || brackets != condition.Brackets };
            conditions.Push(condition);
            inactive = condition.OuterInactive || condition.Unbalanced;
        }
        else if (line.StartsWith("endif") && conditions.Count > 0)
        {
            inactive = conditions.Pop().OuterInactive;
        }

        Add(start, end, TokenKind.Directive);
        newLine = true;
    }

    private int DirectiveEnd(int start)
    {
        var at = start + 1;
        while (at < text.Length)
        {
            var found = text.AsSpan(at).IndexOfAny("\n\r/\\");
            if (found < 0)
                return text.Length;
            at += found;
            var next = at + 1 < text.Length ? text[at + 1] : '\0';
            if (text[at] == '\\')
                at += next == '\r' && at + 2 < text.Length && text[at + 2] == '\n' ? 3 : 2;
            else if (text[at] == '/' && next == '*')
                at = BlockCommentEnd(at, out _);
            else if (text[at] == '/' && next != '/')
                at++;
            else
                break;
        }

        at = Math.Min(at, text.Length);
        while (at > start + 1 && text[at - 1] is ' ' or '\t')
            at--;
        return at;
    }

    /// <summary>An <c>#if</c> whose <c>#endif</c> has not come.</summary>
    /// <param name="Brackets">How many brackets were open at the <c>#if</c>.</param>
    /// <param name="OuterInactive">Whether the whole condition is in an inactive branch.</param>
    /// <param name="Unbalanced">Whether a branch so far left another number of brackets open.</param>
    private readonly record struct Condition(int Brackets, bool OuterInactive, bool Unbalanced);
}
