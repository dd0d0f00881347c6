using CodeTuner.Workspace.Outline.Lexing;

namespace CodeTuner.Workspace.Outline.Declarations;

/// <summary>Rust: functions, structs, enums, unions, traits and impl blocks (named after the type they are for).</summary>
internal sealed class RustDeclarations(LexedText lexed) : DeclarationReader(lexed)
{
    public override bool TryRead(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        if (scope.Kind == ScopeKind.Group)
            return false;
        return Lexed.Word(i) switch
        {
            "fn" => TryReadFunction(i, scope, out candidate),
            "struct" or "enum" or "trait" or "union" => TryReadType(i, scope, out candidate),
            "impl" => TryReadImpl(i, scope, out candidate),
            _ => false,
        };
    }

    public override ScopeKind ScopeAt(int i, Scope scope)
    {
        if (!Code[i].Is('{'))
            return ScopeKind.Group;
        var isForeign = Lexed.IsWord(i - 1, "extern") || (Lexed.IsWord(i - 2, "extern") && Code[i - 1].Kind == TokenKind.String);
        return Lexed.IsWord(i - 2, "mod") || isForeign
            ? ScopeKind.Declarations
            : ScopeKind.Code;
    }

    private bool TryReadFunction(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        if (!Lexed.IsName(i + 1) || !StartsItem(i, scope, out var start))
            return false;
        var at = i + 2;
        if (Lexed.Symbol(at) == '<')
            at = AfterAngles(at);
        if (at < 0 || Lexed.Symbol(at) != '(')
            return false;
        at = After(at);
        for (var steps = 0; at >= 0 && at < Code.Length && steps < Reach; steps++)
        {
            switch (Lexed.Symbol(at))
            {
                case '{':
                    candidate = new Candidate(OutlineKind.Function, start, i + 1, Text(i + 1)) { BodyOpen = at };
                    return true;
                case ';':
                    candidate = new Candidate(OutlineKind.Function, start, i + 1, Text(i + 1)) { End = Code[at].End };
                    return true;
                case '}' or ')' or ']':
                    return false;
                case '(' or '[':
                    at = After(at);
                    continue;
            }

            at++;
        }

        return false;
    }

    private bool TryReadType(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        if (!Lexed.IsName(i + 1) || !StartsItem(i, scope, out var start))
            return false;
        var at = i + 2;
        for (var steps = 0; at >= 0 && at < Code.Length && steps < Reach; steps++)
        {
            switch (Lexed.Symbol(at))
            {
                case '{':
                    candidate = new Candidate(OutlineKind.Type, start, i + 1, Text(i + 1))
                    {
                        BodyOpen = at,
                        BodyScope = Lexed.IsWord(i, "trait") ? ScopeKind.Type : ScopeKind.Code,
                    };
                    return true;
                case ';':
                    candidate = new Candidate(OutlineKind.Type, start, i + 1, Text(i + 1)) { End = Code[at].End };
                    return true;
                case '}' or ')' or ']' or '=':
                    return false;
                case '(' or '[':
                    at = After(at);
                    continue;
            }

            at++;
        }

        return false;
    }

    private bool TryReadImpl(int i, Scope scope, out Candidate candidate)
    {
        candidate = default;
        if (!StartsItem(i, scope, out var start))
            return false;
        var at = i + 1;
        if (Lexed.Symbol(at) == '<')
            at = AfterAngles(at);
        int name = -1, angles = 0;
        var named = true;
        for (var steps = 0; at >= 0 && at < Code.Length && steps < Reach; steps++)
        {
            switch (Lexed.Symbol(at))
            {
                case '{' when name >= 0:
                    candidate = new Candidate(OutlineKind.Type, start, name, Text(name))
                    {
                        BodyOpen = at,
                        BodyScope = ScopeKind.Type,
                    };
                    return true;
                case '<':
                    angles++;
                    break;
                case '>':
                    angles--;
                    break;
                case ';' or '{' or '}' or ')' or ']':
                    return false;
                case '(' or '[':
                    at = After(at);
                    continue;
            }

            if (angles == 0 && Lexed.IsWord(at, "for") && Lexed.Symbol(at + 1) != '<')
                named = true;
            else if (angles == 0 && Lexed.IsWord(at, "where"))
                named = false;
            else if (angles == 0 && named && Lexed.IsName(at))
                name = at;
            at++;
        }

        return false;
    }

    /// <summary>
    /// Whether the keyword at <paramref name="i"/> starts an item: only attributes, visibility and modifiers stand before it in
    /// its statement. So <c>-&gt; impl Trait {</c> and <c>let f: fn(i32)</c> are no items.
    /// </summary>
    private bool StartsItem(int i, Scope scope, out int start)
    {
        start = Math.Min(scope.Statement, i);
        while (Lexed.Symbol(start) == '#' && Lexed.Symbol(start + 1) == '!' && Lexed.Symbol(start + 2) == '[' &&
            After(start + 2) is > 0 and var next && next <= i)
            start = next;
        for (int at = start, steps = 0; at < i && steps < Reach; steps++)
        {
            if (at < 0)
                return false;
            if (Lexed.Symbol(at) == '#' && Lexed.Symbol(at + 1) == '[')
                at = After(at + 1);
            else if (Lexed.Word(at) is "pub" && Lexed.Symbol(at + 1) == '(')
                at = After(at + 1);
            else if (Lexed.Word(at) is "pub" or "async" or "unsafe" or "const" or "extern" or "default" or "crate" or "auto" or "safe" ||
                Code[at].Kind == TokenKind.String)
                at++;
            else
                return false;
        }

        return start >= 0;
    }
}
