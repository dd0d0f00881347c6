using CodeTuner.Workspace.Outline.Lexing;

namespace CodeTuner.Workspace.Outline.Declarations;

/// <summary>Java: types, methods, constructors, the methods of anonymous classes and of enum constants.</summary>
internal sealed class JavaDeclarations(LexedText lexed) : DeclarationReader(lexed)
{
    public override bool TryRead(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        return scope.Kind != ScopeKind.Group && (TryReadType(i, scope, out candidate) ||
            (scope.Kind == ScopeKind.Type && TryReadMethod(i, scope, out candidate)));
    }

    public override ScopeKind ScopeAt(int i, Scope scope)
    {
        if (!Code[i].Is('{'))
            return ScopeKind.Group;
        if (scope.Kind == ScopeKind.Enum || IsAnonymousClass(i))
            return ScopeKind.Type;
        return ScopeKind.Code;
    }

    private bool TryReadType(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        var word = Lexed.Word(i);
        var isRecord = word is "record" && Lexed.IsName(i) && Lexed.Symbol(i + 2) is '(' or '<';
        var isType = isRecord || (Lexed.IsKeyword(i) && word is "class" or "interface" or "enum");
        if (!isType || !Lexed.IsName(i + 1) || Lexed.Symbol(i - 1) == '.')
            return false;
        var open = NextBrace(i + 2);
        if (open < 0)
            return false;
        candidate = new Candidate(OutlineKind.Type, scope.Statement, i + 1, Text(i + 1))
        {
            BodyOpen = open,
            BodyScope = word is "enum" ? ScopeKind.Enum : ScopeKind.Type,
        };
        return true;
    }

    private bool TryReadMethod(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        if (!Lexed.IsName(i) || Lexed.Symbol(i - 1) is '.' or '@' || scope.Assignment >= 0 || Lexed.IsWord(i - 1, "new"))
            return false;
        if (Lexed.Symbol(i + 1) == '{' && Lexed.IsWord(i, scope.Name))
        {
            // A record's compact constructor.
            candidate = new Candidate(OutlineKind.Function, scope.Statement, i, Text(i)) { BodyOpen = i + 1 };
            return true;
        }

        if (Lexed.Symbol(i + 1) != '(')
            return false;
        var at = After(i + 1);
        for (var steps = 0; at >= 0 && at < Code.Length && steps < Reach; steps++)
        {
            switch (Lexed.Symbol(at))
            {
                case '{':
                    candidate = new Candidate(OutlineKind.Function, scope.Statement, i, Text(i)) { BodyOpen = at };
                    return true;
                case ';' when i > scope.Statement:
                    candidate = new Candidate(OutlineKind.Function, scope.Statement, i, Text(i)) { End = Code[at].End };
                    return true;
                case '[' or '(':
                    at = After(at);
                    continue;
                case '.' or ',' or '<' or '>' or '@' or '?' or '&':
                    break;
                default:
                    // What may follow the parameters: throws, and the default of an annotation's element.
                    if (Code[at].Kind == TokenKind.Punctuation)
                        return false;
                    break;
            }

            at++;
        }

        return false;
    }

    /// <summary>Whether the brace follows <c>new Name&lt;…&gt;(…)</c>.</summary>
    private bool IsAnonymousClass(int brace)
    {
        var at = brace - 1;
        if (Lexed.Symbol(at) != ')' || Lexed.Match[at] < 0)
            return false;
        at = Lexed.Match[at] - 1;
        for (var steps = 0; at >= 0 && steps < 32; steps++, at--)
        {
            if (Lexed.IsWord(at, "new"))
                return true;
            if (!Lexed.IsName(at) && Lexed.Symbol(at) is not ('.' or '<' or '>' or ',' or '?'))
                return false;
        }

        return false;
    }
}
