using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline.Lexing;

namespace CodeTuner.Workspace.Outline.Declarations;

/// <summary>
/// Walks once over the tokens of a language with braces, keeps track of what each open bracket holds and where the present
/// statement began, and asks the language's <see cref="DeclarationReader"/> at each token whether a declaration's name or keyword
/// stands there. A reader looks ahead a bounded number of tokens, so the whole takes linear time.
/// </summary>
internal sealed class BraceOutline
{
    private readonly LexedText lexed;
    private readonly DeclarationReader reader;
    private readonly List<Declaration> found = [];

    public BraceOutline(LexedText lexed)
    {
        this.lexed = lexed;
        reader = lexed.Language switch
        {
            Language.TypeScript or Language.JavaScript => new ScriptDeclarations(lexed),
            Language.Java => new JavaDeclarations(lexed),
            Language.Go => new GoDeclarations(lexed),
            Language.Rust => new RustDeclarations(lexed),
            _ => new CDeclarations(lexed),
        };
    }

    public IReadOnlyList<OutlineNode> Parse()
    {
        var code = lexed.Code;
        var scopes = new Stack<Scope>();
        scopes.Push(new Scope(ScopeKind.Declarations, -1, code.Length));
        var declaredScopes = new Dictionary<int, (ScopeKind Kind, string Name)>();
        for (var i = 0; i < code.Length; i++)
        {
            var scope = scopes.Peek();
            if (scope.Close == i && scopes.Count > 1)
            {
                scopes.Pop();
                var isBrace = code[i].Is('}');
                scope = scopes.Peek();
                if (isBrace)
                    scope.StartStatement(i + 1);
                continue;
            }

            reader.Enter(i, scope);
            if (reader.TryRead(i, scope, out var candidate) &&
                (candidate.BodyOpen < 0 || declaredScopes.TryAdd(candidate.BodyOpen, (candidate.BodyScope, candidate.Name))))
                Keep(candidate);

            if (LexedText.Opens(code[i]))
            {
                var (kind, name) = declaredScopes.TryGetValue(i, out var known) ? known : (reader.ScopeAt(i, scope), "");
                var close = lexed.Match[i] < 0 ? scope.Close : lexed.Match[i];
                scopes.Push(new Scope(kind, i, close) { Name = name });
            }
            else if (code[i].Is(';') && scope.Kind != ScopeKind.Group)
            {
                scope.StartStatement(i + 1);
                if (scope.Kind == ScopeKind.Enum)
                    scope.Kind = ScopeKind.Type;
            }
            else if (code[i].Is('='))
            {
                scope.Assignment = i;
            }
        }

        return Declaration.Nest(found, lexed.Text.Length);
    }

    private void Keep(in Candidate candidate)
    {
        var code = lexed.Code;
        var start = code[candidate.StartToken].Start;
        var name = candidate.NameSpan ?? new TextSpan(code[candidate.NameToken].Start, code[candidate.NameToken].End);
        var body = candidate.Body;
        var end = candidate.End;
        if (candidate.BodyOpen >= 0)
        {
            var close = lexed.Match[candidate.BodyOpen];
            body = new TextSpan(code[candidate.BodyOpen].End, close < 0 ? lexed.Text.Length : code[close].Start);
            end = Math.Max(end, close < 0 ? lexed.Text.Length : code[close].End);
        }

        var doc = DocComments.Above(lexed, candidate.StartToken);
        found.Add(new Declaration(candidate.Kind, candidate.Name, new TextSpan(start, end), name, body, doc));
    }
}

/// <summary>What a bracket holds.</summary>
internal enum ScopeKind
{
    /// <summary>The document itself, a namespace or a module.</summary>
    Declarations,

    /// <summary>The members of a type.</summary>
    Type,

    /// <summary>The constants of an enum, up to the semicolon after which members may come.</summary>
    Enum,

    /// <summary>Statements, or the properties of an object.</summary>
    Code,

    /// <summary>Round or square brackets, a template's code, a JSX element.</summary>
    Group,
}

/// <summary>An open bracket and the present statement in it.</summary>
internal sealed class Scope(ScopeKind kind, int open, int close)
{
    public ScopeKind Kind { get; set; } = kind;

    /// <summary>The opening bracket's token, or -1 for the document.</summary>
    public int Open { get; } = open;

    /// <summary>The closing bracket's token, or that of the scope around it where its own is missing.</summary>
    public int Close { get; } = close;

    /// <summary>The declared name that the scope belongs to, or empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>The first token of the present statement.</summary>
    public int Statement { get; private set; } = open + 1;

    /// <summary>The last plain <c>=</c> of the present statement, or -1.</summary>
    public int Assignment { get; set; } = -1;

    /// <summary>The name that the present statement declares, as a token, or -1.</summary>
    public int DeclaredName { get; set; } = -1;

    public void StartStatement(int token)
    {
        Statement = token;
        Assignment = -1;
        DeclaredName = -1;
    }
}

/// <summary>A declaration as a reader sees it: in tokens.</summary>
internal readonly record struct Candidate(OutlineKind Kind, int StartToken, int NameToken, string Name)
{
    /// <summary>Where the name stands, if not the whole of <see cref="NameToken"/>.</summary>
    public TextSpan? NameSpan { get; init; }

    /// <summary>The body's opening brace, or -1.</summary>
    public int BodyOpen { get; init; } = -1;

    /// <summary>What the body's braces hold.</summary>
    public ScopeKind BodyScope { get; init; } = ScopeKind.Code;

    /// <summary>The body, where it has no braces.</summary>
    public TextSpan? Body { get; init; }

    /// <summary>The position after the declaration; with a brace body, the further of this and the brace.</summary>
    public int End { get; init; }
}

/// <summary>Tells where a language's declarations stand.</summary>
internal abstract class DeclarationReader(LexedText lexed)
{
    /// <summary>How many tokens a reader looks ahead or back, brackets counting as one: what keeps the time linear.</summary>
    protected const int Reach = 256;

    protected LexedText Lexed { get; } = lexed;

    protected Token[] Code => Lexed.Code;

    /// <summary>Notes what the token at <paramref name="i"/> means for the statement, before it is read.</summary>
    public virtual void Enter(int i, Scope scope)
    {
    }

    /// <summary>Reads the declaration whose keyword or name is the token at <paramref name="i"/>.</summary>
    public abstract bool TryRead(int i, Scope scope, out Candidate candidate);

    /// <summary>What the bracket at <paramref name="i"/> holds, where no declaration claimed it.</summary>
    public virtual ScopeKind ScopeAt(int i, Scope scope) => Code[i].Is('{') ? ScopeKind.Code : ScopeKind.Group;

    /// <summary>The token after the bracket pair that opens at <paramref name="i"/>, or -1 where it never closes.</summary>
    protected int After(int i) => Lexed.Match[i] > i ? Lexed.Match[i] + 1 : -1;

    /// <summary>The token after the angle brackets that open at <paramref name="i"/>, or -1.</summary>
    protected int AfterAngles(int i)
    {
        var depth = 0;
        for (var steps = 0; i >= 0 && i < Code.Length && steps < Reach; steps++)
        {
            switch (Code[i].Symbol)
            {
                case '<':
                    depth++;
                    break;
                case '>' when --depth == 0:
                    return i + 1;
                case ';' or '}' or ')' or ']':
                    return -1;
                case '(' or '[' or '{':
                    i = After(i);
                    continue;
            }

            i++;
        }

        return -1;
    }

    /// <summary>The next opening brace outside other brackets and before a semicolon, from <paramref name="i"/> on, or -1.</summary>
    protected int NextBrace(int i)
    {
        for (var steps = 0; i >= 0 && i < Code.Length && steps < Reach; steps++)
        {
            switch (Code[i].Symbol)
            {
                case '{':
                    return i;
                case ';' or '}' or ')' or ']':
                    return -1;
                case '(' or '[':
                    i = After(i);
                    continue;
            }

            i++;
        }

        return -1;
    }

    protected string Text(int i) => Lexed.Word(i).ToString();
}
