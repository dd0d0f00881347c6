using CodeTuner.Workspace.Outline.Lexing;

namespace CodeTuner.Workspace.Outline.Declarations;

/// <summary>Go: functions, methods, struct and interface types with the methods that an interface asks for.</summary>
internal sealed class GoDeclarations(LexedText lexed) : DeclarationReader(lexed)
{
    public override bool TryRead(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        var word = Lexed.Word(i);
        if (Lexed.IsKeyword(i) && word is "func")
            return scope.Kind == ScopeKind.Declarations && TryReadFunction(i, out candidate);
        if (Lexed.IsKeyword(i) && word is "struct" or "interface")
            return TryReadType(i, scope, out candidate);
        return scope.Kind == ScopeKind.Type && TryReadInterfaceMethod(i, scope, out candidate);
    }

    private bool TryReadFunction(int i, out Candidate candidate)
    {
        candidate = default;
        var name = i + 1;
        if (Lexed.Symbol(name) == '(')
            name = After(name);
        if (!Lexed.IsName(name))
            return false;
        var at = name + 1;
        if (Lexed.Symbol(at) == '[')
            at = After(at);
        if (Lexed.Symbol(at) != '(' || (at = After(at)) < 0)
            return false;
        for (var steps = 0; at >= 0 && at < Code.Length && steps < Reach && !Lexed.NewLineBefore(at); steps++)
        {
            var symbol = Lexed.Symbol(at);
            if (symbol == '{' && !(Lexed.IsWord(at - 1, "interface") || Lexed.IsWord(at - 1, "struct")))
            {
                candidate = new Candidate(OutlineKind.Function, i, name, Text(name)) { BodyOpen = at };
                return true;
            }

            at = symbol is '(' or '[' or '{' ? After(at) : at + 1;
        }

        if (at < 0)
            return false;
        candidate = new Candidate(OutlineKind.Function, i, name, Text(name)) { End = Code[at - 1].End };
        return true;
    }

    private bool TryReadType(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        if (Lexed.Symbol(i + 1) != '{')
            return false;
        var name = Lexed.Symbol(i - 1) == ']' ? Lexed.Match[i - 1] - 1 : i - 1;
        if (name < 0 || !Lexed.IsName(name))
            return false;
        var alone = Lexed.IsWord(name - 1, "type");
        var grouped = scope.Kind == ScopeKind.Group && Lexed.IsWord(scope.Open - 1, "type") && Lexed.NewLineBefore(name);
        if (!alone && !grouped)
            return false;
        candidate = new Candidate(OutlineKind.Type, alone ? name - 1 : name, name, Text(name))
        {
            BodyOpen = i + 1,
            BodyScope = Lexed.IsWord(i, "interface") ? ScopeKind.Type : ScopeKind.Code,
        };
        return true;
    }

    private bool TryReadInterfaceMethod(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        if (!Lexed.IsName(i) || Lexed.Symbol(i + 1) != '(' || !(Lexed.NewLineBefore(i) || i == scope.Open + 1))
            return false;
        var at = After(i + 1);
        for (var steps = 0; at >= 0 && at < Code.Length && steps < Reach; steps++)
        {
            if (Lexed.NewLineBefore(at) || Lexed.Symbol(at) is ';' or '}')
                break;
            at = Lexed.Symbol(at) is '(' or '[' or '{' ? After(at) : at + 1;
        }

        if (at < 0)
            return false;
        candidate = new Candidate(OutlineKind.Function, i, i, Text(i)) { End = Code[at - 1].End };
        return true;
    }
}
