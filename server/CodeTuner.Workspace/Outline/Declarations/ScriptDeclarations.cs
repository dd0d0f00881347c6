using CodeTuner.Workspace.Outline.Lexing;

namespace CodeTuner.Workspace.Outline.Declarations;

/// <summary>
/// TypeScript and JavaScript: functions, classes and their methods, interfaces, enums, type aliases with members, and the functions
/// given to a constant, a field or a property.
/// </summary>
internal sealed class ScriptDeclarations(LexedText lexed) : DeclarationReader(lexed)
{
    private readonly HashSet<int> claimed = [];

    public override void Enter(int i, Scope scope)
    {
        if (scope.Kind == ScopeKind.Group)
            return;
        if (Lexed.IsKeyword(i) && Lexed.Word(i) is "const" or "let" or "var")
            scope.DeclaredName = i + 1;
        else if (scope.Kind == ScopeKind.Type && Lexed.IsName(i) && StartsMember(i, scope) && Lexed.Symbol(i + 1) is ':' or '=' or '?' or '!')
            scope.DeclaredName = i;
    }

    public override bool TryRead(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        if (Code[i].Is('=') && scope.Kind != ScopeKind.Group)
            return TryReadAssigned(i, scope, out candidate);
        if (Code[i].Is(':') && scope.Kind == ScopeKind.Code)
            return TryReadProperty(i, out candidate);
        if (Code[i].Kind == TokenKind.String && scope.Kind == ScopeKind.Type)
            return TryReadMethod(i, scope, out candidate);
        if (Code[i].Kind is not (TokenKind.Identifier or TokenKind.Keyword) || Lexed.Symbol(i - 1) == '.')
            return false;
        return Lexed.Word(i) switch
        {
            "function" when Lexed.IsKeyword(i) => TryReadFunction(i, out candidate),
            "class" when Lexed.IsKeyword(i) => TryReadType(i, out candidate),
            "enum" when Lexed.IsKeyword(i) => TryReadType(i, out candidate),
            "interface" when Lexed.IsName(i + 1) && !Lexed.NewLineBefore(i + 1) => TryReadType(i, out candidate),
            "type" when Lexed.IsName(i + 1) && !Lexed.NewLineBefore(i + 1) => TryReadAlias(i, out candidate),
            _ => scope.Kind is ScopeKind.Type or ScopeKind.Code && TryReadMethod(i, scope, out candidate),
        };
    }

    public override ScopeKind ScopeAt(int i, Scope scope)
    {
        if (!Code[i].Is('{'))
            return ScopeKind.Group;
        for (int at = i - 1, steps = 0; at >= 0 && steps < 8; at--, steps++)
        {
            if (Lexed.Word(at) is "namespace" or "module" or "global" && (Lexed.IsWord(at - 1, "declare") || at + 1 < i))
                return ScopeKind.Declarations;
            if (Lexed.IsKeyword(at) && Lexed.IsWord(at, "class"))
                return ScopeKind.Type;
            if (Code[at].Kind is not (TokenKind.Identifier or TokenKind.String) && !Lexed.IsWord(at, "extends") && Code[at].Symbol != '.')
                break;
        }

        return ScopeKind.Code;
    }

    private static bool IsModifier(ReadOnlySpan<char> word) => word is "export" or "default" or "async" or "declare" or "abstract" or
        "public" or "private" or "protected" or "static" or "readonly" or "override" or "get" or "set" or "accessor" or "const";

    /// <summary>Whether a member's name may stand at <paramref name="i"/>: after a separator, a modifier, a decorator or a line end.</summary>
    private bool StartsMember(int i, Scope scope)
    {
        if (i == scope.Open + 1 || i == scope.Statement || Lexed.NewLineBefore(i))
            return true;
        return Lexed.Symbol(i - 1) is ',' or '*' or ';' or '}' || IsModifier(Lexed.Word(i - 1)) ||
            (Lexed.Symbol(i - 1) == ')' && DecoratorStart(i - 1) >= 0);
    }

    private int StartBefore(int i)
    {
        for (var steps = 0; steps < 64 && i > 0; steps++)
        {
            var before = i - 1;
            var decorator = DecoratorStart(before);
            if (decorator >= 0)
                i = decorator;
            else if (Code[before].Kind is TokenKind.Identifier or TokenKind.Keyword && IsModifier(Lexed.Word(before)) &&
                Lexed.Symbol(before - 1) != '.')
                i = before;
            else if (Code[before].Is('*') && Code[before].Symbol == '*' && IsModifierOrStart(before))
                i = before;
            else
                break;
        }

        return i;
    }

    private bool IsModifierOrStart(int star) =>
        star == 0 || Code[star].NewLineBefore || Code[star - 1].Symbol is '{' or '}' or ';' or ',' || IsModifier(Lexed.Word(star - 1));

    /// <summary>The <c>@</c> of the decorator whose last token is <paramref name="last"/>, or -1.</summary>
    private int DecoratorStart(int last)
    {
        var at = last;
        if (Lexed.Symbol(at) == ')')
        {
            if (Lexed.Match[at] < 0)
                return -1;
            at = Lexed.Match[at] - 1;
        }

        for (var steps = 0; steps < 16 && at > 0; steps++)
        {
            if (!Lexed.IsName(at))
                return -1;
            if (Lexed.Symbol(at - 1) == '@')
                return at - 1;
            if (Lexed.Symbol(at - 1) != '.')
                return -1;
            at -= 2;
        }

        return -1;
    }

    private bool TryReadFunction(int i, out Candidate candidate)
    {
        candidate = default;
        if (claimed.Contains(i) || !FunctionValue(i, out var value))
            return false;
        var name = Lexed.Symbol(i + 1) == '*' ? i + 2 : i + 1;
        if (!Lexed.IsName(name))
        {
            if (!Lexed.IsWord(i - 1, "default") && !(Lexed.IsWord(i - 1, "async") && Lexed.IsWord(i - 2, "default")))
                return false;
            name = Lexed.IsWord(i - 1, "default") ? i - 1 : i - 2;
        }

        candidate = Make(StartBefore(i), name, value);
        return true;
    }

    private bool TryReadType(int i, out Candidate candidate)
    {
        candidate = default;
        var name = Lexed.IsName(i + 1) && !Lexed.IsWord(i + 1, "implements") ? i + 1 : Lexed.IsWord(i - 1, "default") ? i - 1 : -1;
        if (name < 0)
            return false;
        var angles = 0;
        for (int at = i + 1, steps = 0; at >= 0 && at < Code.Length && steps < Reach; steps++)
        {
            switch (Lexed.Symbol(at))
            {
                case '{' when angles <= 0:
                    candidate = new Candidate(OutlineKind.Type, StartBefore(i), name, Text(name))
                    {
                        BodyOpen = at,
                        BodyScope = Lexed.IsWord(i, "enum") ? ScopeKind.Enum : ScopeKind.Type,
                    };
                    return true;
                case '<':
                    angles++;
                    break;
                case '>':
                    angles--;
                    break;
                case ';' or '}' or ')' or ']' or '=' when angles <= 0:
                    return false;
                case '(' or '[' or '{':
                    at = After(at);
                    continue;
            }

            at++;
        }

        return false;
    }

    private bool TryReadAlias(int i, out Candidate candidate)
    {
        candidate = default;
        var at = i + 2;
        if (Lexed.Symbol(at) == '<')
            at = AfterAngles(at);
        if (at < 0 || Lexed.Symbol(at) != '=' || Lexed.Symbol(at + 1) != '{')
            return false;
        candidate = new Candidate(OutlineKind.Type, StartBefore(i), i + 1, Text(i + 1)) { BodyOpen = at + 1, BodyScope = ScopeKind.Type };
        return true;
    }

    private bool TryReadMethod(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        var inType = scope.Kind == ScopeKind.Type;
        if ((!inType && !Lexed.IsName(i)) || !StartsMember(i, scope))
            return false;
        var at = i + 1;
        if (Lexed.Symbol(at) is '?' or '!')
            at++;
        if (Lexed.Symbol(at) == '<')
            at = AfterAngles(at);
        if (at < 0 || Lexed.Symbol(at) != '(' || (at = After(at)) < 0)
            return false;
        if (Lexed.Symbol(at) == ':')
            at = TypeEnd(at + 1);
        if (at < 0)
            return false;
        if (Lexed.Symbol(at) == '{' && (inType || !Lexed.NewLineBefore(at)))
        {
            candidate = new Candidate(OutlineKind.Function, StartBefore(i), i, Text(i)) { BodyOpen = at };
            return true;
        }

        if (!inType || !(at >= Code.Length || Lexed.Symbol(at) is ';' or ',' or '}' || Lexed.NewLineBefore(at)))
            return false;
        var end = Lexed.Symbol(at) is ';' or ',' ? Code[at].End : Code[at - 1].End;
        candidate = new Candidate(OutlineKind.Function, StartBefore(i), i, Text(i)) { End = end };
        return true;
    }

    /// <summary><c>name = function</c>, <c>name = () =&gt;</c>, <c>const name: Type = …</c>, <c>a.b.name = …</c>.</summary>
    private bool TryReadAssigned(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        var declared = scope.DeclaredName;
        scope.DeclaredName = -1;
        if (!FunctionValue(i + 1, out var value))
            return false;
        int name, start;
        if (declared >= 0 && Lexed.IsName(declared) && (declared + 1 == i || Lexed.Symbol(declared + 1) is ':' or '?' or '!'))
        {
            name = declared;
            start = Lexed.Word(declared - 1) is "const" or "let" or "var" ? StartBefore(declared - 1) : StartBefore(declared);
        }
        else if (Lexed.IsName(i - 1))
        {
            name = start = i - 1;
            for (var steps = 0; steps < 16 && start >= 2 && Code[start - 1].Is('.') && Code[start - 2].Kind is TokenKind.Identifier or TokenKind.Keyword; steps++)
                start -= 2;
            start = StartBefore(start);
        }
        else
        {
            return false;
        }

        candidate = Make(start, name, value);
        return true;
    }

    /// <summary><c>name: function () { … }</c> and <c>name: () =&gt; { … }</c> in an object.</summary>
    private bool TryReadProperty(int i, out Candidate candidate)
    {
        candidate = default;
        if (!(Lexed.IsName(i - 1) || (i > 0 && Code[i - 1].Kind == TokenKind.String)) || Lexed.Symbol(i - 2) is not ('{' or ','))
            return false;
        if (!FunctionValue(i + 1, out var value) || value.BodyOpen < 0)
            return false;
        candidate = Make(i - 1, i - 1, value) with { Name = Text(i - 1).Trim('"', '\'', '`') };
        return true;
    }

    private Candidate Make(int start, int name, FunctionAt value) => new(OutlineKind.Function, start, name, Text(name))
    {
        BodyOpen = value.BodyOpen,
        Body = value.Body,
        End = value.End,
    };

    /// <summary>Reads the function expression or arrow function at <paramref name="i"/>.</summary>
    private bool FunctionValue(int i, out FunctionAt value)
    {
        value = default;
        var at = i;
        if (Lexed.IsWord(at, "async") && !Lexed.NewLineBefore(at + 1))
            at++;
        if (Lexed.IsKeyword(at) && Lexed.IsWord(at, "function"))
        {
            var keyword = at;
            at++;
            if (Lexed.Symbol(at) == '*')
                at++;
            if (Lexed.IsName(at))
                at++;
            if (Lexed.Symbol(at) == '<')
                at = AfterAngles(at);
            if (at < 0 || Lexed.Symbol(at) != '(' || (at = After(at)) < 0)
                return false;
            if (Lexed.Symbol(at) == ':')
                at = TypeEnd(at + 1);
            if (at < 0)
                return false;
            if (Lexed.Symbol(at) == '{')
                value = new FunctionAt(at, null, 0);
            else if (at > 0 && (at >= Code.Length || Lexed.Symbol(at) is ';' || Lexed.NewLineBefore(at)))
                value = new FunctionAt(-1, null, Lexed.Symbol(at) == ';' ? Code[at].End : Code[at - 1].End);
            else
                return false;
            claimed.Add(keyword);
            return true;
        }

        if (Lexed.Symbol(at) == '<')
            at = AfterAngles(at);
        if (at < 0)
            return false;
        if (Lexed.Symbol(at) == '(')
        {
            at = After(at);
            if (at >= 0 && Lexed.Symbol(at) == ':')
                at = TypeEnd(at + 1, stopAtArrow: true);
        }
        else if (Lexed.IsName(at))
        {
            at++;
        }
        else
        {
            return false;
        }

        if (at < 0 || Lexed.Symbol(at) != Symbols.FatArrow || at + 1 >= Code.Length)
            return false;
        at++;
        if (Lexed.Symbol(at) == '{')
        {
            value = new FunctionAt(at, null, 0);
            return true;
        }

        var last = ExpressionLast(at);
        if (last < at)
            return false;
        value = new FunctionAt(-1, new TextSpan(Code[at].Start, Code[last].End), Code[last].End);
        return true;
    }

    /// <summary>The token after the type that starts at <paramref name="at"/>, or -1.</summary>
    private int TypeEnd(int at, bool stopAtArrow = false)
    {
        var operand = true;
        var angles = 0;
        for (var steps = 0; at >= 0 && at < Code.Length && steps < Reach; steps++)
        {
            var symbol = Lexed.Symbol(at);
            if (!operand && angles <= 0 && (symbol is '{' or ';' or ',' or ')' or '}' or ']' or '=' || (symbol == Symbols.FatArrow && stopAtArrow) ||
                (Lexed.NewLineBefore(at) && symbol is not ('|' or '&' or '?' or ':' or '.'))))
                return at;
            switch (symbol)
            {
                case '(' or '{' or '[':
                    // A function type's parameters are followed by its arrow, so the type is not over.
                    at = After(at);
                    operand = false;
                    if (symbol == '(' && Lexed.Symbol(at) == Symbols.FatArrow && at > 0 && !stopAtArrow)
                        (at, operand) = (at + 1, true);
                    continue;
                case '<':
                    angles++;
                    operand = true;
                    break;
                case '>':
                    angles--;
                    operand = false;
                    break;
                case ')' or '}' or ']' or ';':
                    return -1;
                case '|' or '&' or '?' or ':' or '.' or ',' or Symbols.FatArrow:
                    operand = true;
                    break;
                default:
                    operand = Lexed.Word(at) is "keyof" or "is" or "extends" or "infer" or "readonly" or "typeof" or "asserts" or "unique" or "new";
                    break;
            }

            at++;
        }

        return !operand && at >= 0 && at >= Code.Length ? Code.Length : -1;
    }

    /// <summary>The last token of the expression that starts at <paramref name="first"/>; semicolons may be missing.</summary>
    private int ExpressionLast(int first)
    {
        var at = first;
        for (var steps = 0; at < Code.Length && steps < 2048; steps++)
        {
            ref readonly var token = ref Code[at];
            if (token.Symbol is ';' or ',' || LexedText.Closes(token))
                break;
            if (at > first && token.NewLineBefore && !Continues(at - 1) && !Continues(at))
                break;
            if (LexedText.Opens(token))
            {
                if (Lexed.Match[at] < 0)
                    return Code.Length - 1;
                at = Lexed.Match[at];
            }

            at++;
        }

        return at - 1;
    }

    private bool Continues(int i) => LogicalLines.IsOperator(Code[i]) || Lexed.Word(i) is "instanceof" or "in" or "as" or "satisfies";

    /// <summary>A function expression: its brace, or its body without braces and the position after it.</summary>
    private readonly record struct FunctionAt(int BodyOpen, TextSpan? Body, int End);
}
