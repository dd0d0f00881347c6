using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline.Lexing;

namespace CodeTuner.Workspace.Outline.Declarations;

/// <summary>C and C++: functions, prototypes, and the struct, class, union and enum definitions.</summary>
internal sealed class CDeclarations(LexedText lexed) : DeclarationReader(lexed)
{
    public override void Enter(int i, Scope scope)
    {
        if (scope.Kind is not (ScopeKind.Declarations or ScopeKind.Type))
            return;

        // A macro without a semicolon (Q_OBJECT, BEGIN_DECLS) is cut off where a comment or directive follows it on its own line.
        var place = Lexed.Places[i];
        if (place > 0 && i > scope.Statement && Lexed.All[place - 1] is { NewLineBefore: true } above &&
            (above.IsComment || above.Kind == TokenKind.Directive))
            scope.StartStatement(i);
        if (IsAfterAccess(i))
            scope.StartStatement(i);
    }

    public override bool TryRead(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        if (scope.Kind is ScopeKind.Group or ScopeKind.Enum)
            return false;
        if (Lexed.IsKeyword(i) && Lexed.Word(i) is "struct" or "class" or "union" or "enum")
            return TryReadType(i, scope, out candidate);
        return scope.Kind is ScopeKind.Declarations or ScopeKind.Type && scope.Assignment < 0 && TryReadFunction(i, scope, out candidate);
    }

    public override ScopeKind ScopeAt(int i, Scope scope)
    {
        if (!Code[i].Is('{'))
            return ScopeKind.Group;
        var first = scope.Statement;
        if (Lexed.Word(first) is "inline")
            first++;
        if (Lexed.Word(first) is "namespace" || (Lexed.Word(i - 2) is "extern" && Code[i - 1].Kind == TokenKind.String))
            return ScopeKind.Declarations;

        // A struct without a name has members all the same.
        return Lexed.Word(i - 1) is "struct" or "class" or "union" ? ScopeKind.Type : ScopeKind.Code;
    }

    /// <summary>Whether the token at <paramref name="i"/> comes right after <c>public:</c> and the like.</summary>
    private bool IsAfterAccess(int i)
    {
        if (Lexed.Symbol(i - 1) != ':')
            return false;
        var word = Lexed.Word(i - 2);
        return word is "public" or "private" or "protected" or "signals" or "slots" or "Q_SIGNALS" or "Q_SLOTS";
    }

    private bool TryReadType(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        var isEnum = Lexed.IsWord(i, "enum");
        if (!isEnum && Lexed.IsWord(i - 1, "enum"))
            return false;
        int at = i + 1, name = -1;
        if (isEnum && Lexed.Word(at) is "class" or "struct")
            at++;
        for (var steps = 0; at >= 0 && at < Code.Length && steps < Reach; steps++)
        {
            var symbol = Lexed.Symbol(at);
            if (Lexed.IsName(at))
            {
                if (Lexed.Word(at) is not "final")
                    name = at;
                at++;
            }
            else if (symbol == '{')
            {
                return MakeType(i, at, name, isEnum, scope, out candidate);
            }
            else if (symbol == ':' && name >= 0)
            {
                var open = NextBrace(at + 1);
                return open >= 0 && MakeType(i, open, name, isEnum, scope, out candidate);
            }
            else if (symbol is '[' or '(')
            {
                // Attributes: [[nodiscard]], alignas(16), __attribute__((packed)).
                at = After(at);
            }
            else if (symbol == '<')
            {
                at = AfterAngles(at);
            }
            else if (symbol == Symbols.Path || Lexed.Word(at) is "alignas")
            {
                at++;
            }
            else
            {
                return false;
            }
        }

        return false;
    }

    private bool MakeType(int i, int open, int name, bool isEnum, Scope scope, out Candidate candidate)
    {
        candidate = default;
        var close = Lexed.Match[open];
        var isTypedef = Lexed.Word(scope.Statement) is "typedef";
        if (isTypedef && Lexed.IsName(close + 1) && close >= 0)
            name = close + 1;
        if (name < 0)
            return false;

        // "struct A f(void) {" is a function: the name that would be the struct's is not directly before the brace.
        if (name < open && Lexed.Symbol(open - 1) == ')' && Lexed.Symbol(name + 1) == '(')
            return false;
        var after = close < 0 ? -1 : isTypedef && name == close + 1 ? close + 2 : close + 1;
        candidate = new Candidate(OutlineKind.Type, scope.Kind == ScopeKind.Code ? i : Math.Min(scope.Statement, i), name, Text(name))
        {
            BodyOpen = open,
            BodyScope = isEnum ? ScopeKind.Enum : ScopeKind.Type,
            End = after < 0 ? 0 : Lexed.Symbol(after) == ';' ? Code[after].End : Code[after - 1].End,
        };
        return true;
    }

    private bool TryReadFunction(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        int open, first = i;
        if (Lexed.IsKeyword(i) && Lexed.IsWord(i, "operator"))
        {
            open = i + 1;
            if (Lexed.Symbol(open) == '(' && Lexed.Symbol(open + 1) == ')')
                open += 2;
            for (var steps = 0; steps < 8 && open < Code.Length && Lexed.Symbol(open) != '('; steps++)
                open = Lexed.Symbol(open) == '[' ? After(open) is > 0 and var next ? next : Code.Length : open + 1;
        }
        else if (Lexed.IsName(i) && Lexed.Symbol(i + 1) == '(')
        {
            open = i + 1;
            if (Lexed.Symbol(i - 1) == '~')
                first = i - 1;
            else if (Lexed.Symbol(i - 1) is '.' or Symbols.ThinArrow)
                return false;
        }
        else
        {
            return false;
        }

        if (Lexed.Symbol(open) != '(' || Lexed.Match[open] < 0 || first < scope.Statement)
            return false;
        var end = AfterSignature(Lexed.Match[open] + 1);
        if (end < 0)
            return false;
        var span = new TextSpan(Code[first].Start, Code[open - 1].End);
        var name = Lexed.Text[span.Start..span.End];
        candidate = new Candidate(OutlineKind.Function, scope.Statement, i, name) { NameSpan = span };
        if (Lexed.Symbol(end) == '{')
        {
            candidate = candidate with { BodyOpen = end };
            return true;
        }

        if (!IsPrototype(first, open, scope))
            return false;
        candidate = candidate with { BodyOpen = -1, End = Code[end].End };
        return true;
    }

    /// <summary>From behind the parameters: the body's brace, the closing semicolon, or -1 where this is no function.</summary>
    private int AfterSignature(int at)
    {
        for (var steps = 0; at >= 0 && at < Code.Length && steps < Reach; steps++)
        {
            var symbol = Lexed.Symbol(at);
            if (symbol is '{' or ';')
                return at;
            if (symbol == ':')
                return AfterInitializers(at + 1);
            if (symbol == Symbols.ThinArrow)
            {
                at = TrailingReturnEnd(at + 1);
            }
            else if (symbol == '=' && (Lexed.Word(at + 1) is "default" or "delete" or "0") && Lexed.Symbol(at + 2) == ';')
            {
                return at + 2;
            }
            else if (symbol is '&' or Symbols.Logical)
            {
                at++;
            }
            else if (symbol == '[')
            {
                at = After(at);
            }
            else if (Lexed.Word(at) is "const" or "volatile" or "noexcept" or "override" or "final" or "throw" or "mutable" or "try" or
                "requires" || IsMacroName(at))
            {
                at++;
                if (Lexed.Symbol(at) == '(')
                    at = After(at);
            }
            else
            {
                return -1;
            }
        }

        return -1;
    }

    private int TrailingReturnEnd(int at)
    {
        for (var steps = 0; at >= 0 && at < Code.Length && steps < Reach; steps++)
        {
            if (Lexed.Symbol(at) is '{' or ';' or '=')
                return at;
            at = Lexed.Symbol(at) is '(' or '[' ? After(at) : at + 1;
        }

        return -1;
    }

    /// <summary>A constructor's <c>a(1), b{2}</c>: the brace after it is the body's.</summary>
    private int AfterInitializers(int at)
    {
        for (var steps = 0; at >= 0 && at < Code.Length && steps < Reach; steps++)
        {
            var symbol = Lexed.Symbol(at);
            if (symbol is ';' or '}' or ')')
                return -1;
            if (symbol is '(' or '{')
            {
                at = After(at);
                if (Lexed.Symbol(at) == Symbols.Dots)
                    at++;
                if (Lexed.Symbol(at) == '{')
                    return at;
                if (Lexed.Symbol(at) != ',')
                    return -1;
            }

            at = symbol == '<' ? AfterAngles(at) : at + 1;
        }

        return -1;
    }

    /// <summary>Whether this is a macro's name by custom: upper-case letters, or two leading underscores.</summary>
    private bool IsMacroName(int at)
    {
        if (!Lexed.IsName(at))
            return false;
        var word = Lexed.Word(at);
        return word.StartsWith("__") || (word.Length > 1 && word.IndexOfAnyInRange('a', 'z') < 0);
    }

    /// <summary>A prototype has a type before its name and no values between its parentheses; a macro call or variable does not.</summary>
    private bool IsPrototype(int first, int open, Scope scope)
    {
        var member = scope.Kind == ScopeKind.Type && Lexed.Language == Language.Cpp;
        if (first == scope.Statement && !(member && (Lexed.Word(first).SequenceEqual(scope.Name) || Lexed.Symbol(first) == '~')))
            return false;
        if (first > scope.Statement)
        {
            var before = Code[first - 1];
            if (before.Kind is not (TokenKind.Identifier or TokenKind.Keyword) && before.Symbol is not ('*' or '&' or '>' or Symbols.Logical))
                return false;
            if (Lexed.Word(first - 1) is "return" or "else" or "goto" or "case" or "throw" or "new")
                return false;
        }

        return Code[open + 1].Kind is not (TokenKind.Number or TokenKind.String) && Lexed.Word(open + 1) is not ("true" or "false" or "nullptr");
    }
}
