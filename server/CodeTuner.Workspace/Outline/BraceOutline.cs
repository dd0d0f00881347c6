using System.Collections.Frozen;
using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Lexing;

namespace CodeTuner.Workspace.Outline;

/// <summary>The outline of languages whose bodies stand in braces, read from what stands before each opening brace.</summary>
internal sealed class BraceOutline
{
    private static readonly FrozenSet<string> TypeWords =
        FrozenSet.ToFrozenSet(["class", "interface", "struct", "enum", "trait", "impl", "union", "record"], StringComparer.Ordinal);

    private static readonly FrozenSet<string> NeverFunctions = FrozenSet.ToFrozenSet(
        ["if", "for", "while", "switch", "catch", "return", "else", "do", "try", "synchronized", "match", "loop", "with", "sizeof", "typeof", "new", "throw", "await",
            "foreach", "using", "lock", "finally", "select", "go", "defer", "case", "when", "super", "this", "unsafe", "namespace", "mod"],
        StringComparer.Ordinal);

    private readonly Language language;
    private readonly string text;
    private readonly List<Token> all;
    private readonly List<Token> tokens;
    private readonly Brackets brackets;

    private BraceOutline(Language language, string text)
    {
        this.language = language;
        this.text = text;
        all = Lexer.Tokens(language, text);
        tokens = all.FindAll(t => t.Kind is not (TokenKind.Comment or TokenKind.Directive));
        brackets = Brackets.Match(text, tokens);
    }

    private bool EndsStatementsByLine => language is Language.JavaScript or Language.TypeScript or Language.Go;

    public static IReadOnlyList<OutlineNode> Parse(Language language, string text) => new BraceOutline(language, text).Build();

    private List<OutlineNode> Build()
    {
        // One pass over the braces from the inside out would nest for us; a stack of open declarations does it in order.
        List<OutlineNode> top = [];
        Stack<(int CloseToken, Declaration? Declared, List<OutlineNode> Into)> open = new();
        int headerStart = 0;
        for (int i = 0; i < tokens.Count; i++)
        {
            while (open.Count > 0 && i >= open.Peek().CloseToken)
                Close(open, top);
            char c = text[tokens[i].Start];
            if (tokens[i].Kind == TokenKind.Open && c == '{')
            {
                int close = brackets.PartnerOf(i);
                if (close > 0)
                    open.Push((close, Describe(headerStart, i, close), []));
                headerStart = i + 1;
            }
            else if ((tokens[i].Kind == TokenKind.Symbol && c == ';') || (tokens[i].Kind == TokenKind.Close && c == '}'))
            {
                headerStart = i + 1;
            }
        }

        while (open.Count > 0)
            Close(open, top);
        return top;
    }

    private static void Close(Stack<(int CloseToken, Declaration? Declared, List<OutlineNode> Into)> open, List<OutlineNode> top)
    {
        (_, Declaration? declared, List<OutlineNode> children) = open.Pop();
        List<OutlineNode> parent = open.Count > 0 ? open.Peek().Into : top;
        if (declared is null)
            parent.AddRange(children);
        else
            parent.Add(new OutlineNode(declared.Kind, declared.Name, declared.Span, declared.NameSpan, declared.Body, declared.DocComment, children));
    }

    private Declaration? Describe(int first, int brace, int close)
    {
        // Inside parentheses that are still open the brace belongs to an argument: only what follows them counts.
        for (int i = brace - 1; i >= first; i--)
        {
            if (tokens[i].Kind == TokenKind.Open && (brackets.PartnerOf(i) < 0 || brackets.PartnerOf(i) > brace))
            {
                first = i + 1;
                break;
            }
        }

        (OutlineKind Kind, int Name)? found = Type(first, brace) ?? Function(first, brace);
        if (found is not { } declared)
            return null;
        int start = StartOf(first, declared.Name);
        TextSpan body = new(tokens[brace].End, tokens[close].Start);
        Token name = tokens[declared.Name];
        return new Declaration(
            declared.Kind, name.In(text).ToString(), new TextSpan(tokens[start].Start, tokens[close].End), name.Span, body, DocComment(tokens[start].Start));
    }

    private (OutlineKind, int)? Type(int first, int brace)
    {
        for (int i = first; i < brace; i++)
        {
            if (tokens[i].Kind == TokenKind.Open)
            {
                i = Skip(i, brace);
                continue;
            }

            if (tokens[i].Kind != TokenKind.Word)
                continue;
            ReadOnlySpan<char> word = tokens[i].In(text);
            if (language == Language.Go)
            {
                if (word is "type" && i + 2 < brace && IsWord(i + 1) && IsWord(i + 2) && tokens[i + 2].In(text) is "struct" or "interface")
                    return (OutlineKind.Type, i + 1);
                continue;
            }

            if (!TypeWords.Contains(word.ToString()))
                continue;
            if (word is "enum" && i + 1 < brace && tokens[i + 1].In(text) is "class" or "struct")
                i++;
            if (word is "impl")
                return ImplementedType(i, brace) is { } implemented ? (OutlineKind.Type, implemented) : null;
            if (i + 1 < brace && IsWord(i + 1) && !HasCallAfter(i + 2, brace, word))
                return (OutlineKind.Type, i + 1);
        }

        return null;
    }

    // "struct point f(int x) {" declares a function that gives a struct.
    private bool HasCallAfter(int from, int brace, ReadOnlySpan<char> word) =>
        language is Language.C or Language.Cpp && word is "struct" or "enum" or "union" && from < brace
        && Enumerable.Range(from, brace - from).Any(i => tokens[i].Kind == TokenKind.Open && text[tokens[i].Start] == '(');

    private int? ImplementedType(int impl, int brace)
    {
        int? name = null;
        int angle = 0;
        for (int i = impl + 1; i < brace; i++)
        {
            ReadOnlySpan<char> word = tokens[i].In(text);
            if (word is "<")
                angle++;
            else if (word is ">")
                angle--;
            else if (word is "where")
                break;
            else if (word is "for")
                name = null;
            else if (angle == 0 && IsWord(i) && name is null && !Keywords.Contains(language, word))
                name = i;
        }

        return name;
    }

    private (OutlineKind, int)? Function(int first, int brace)
    {
        if (language is Language.Rust or Language.Go)
            return KeywordFunction(first, brace, language == Language.Go ? "func" : "fn");
        if (language is Language.JavaScript or Language.TypeScript && ScriptFunction(first, brace) is { } script)
            return (OutlineKind.Function, script);
        int open = LastCall(first, brace);
        if (open <= first || !IsWord(open - 1))
            return null;
        string name = tokens[open - 1].In(text).ToString();
        if (NeverFunctions.Contains(name) || (open - 2 >= first && tokens[open - 2].In(text) is "new" or "." or "="))
            return null;
        if (language is Language.JavaScript or Language.TypeScript && !IsOnLineStart(first, open - 1))
            return null;
        return (OutlineKind.Function, open - 1);
    }

    private (OutlineKind, int)? KeywordFunction(int first, int brace, string keyword)
    {
        for (int i = brace - 1; i >= first; i--)
        {
            if (tokens[i].Kind != TokenKind.Word || !tokens[i].In(text).SequenceEqual(keyword))
                continue;
            int name = i + 1;
            if (name < brace && tokens[name].Kind == TokenKind.Open) // func (receiver) Name
                name = Skip(name, brace) + 1;
            if (name < brace && IsWord(name))
                return (OutlineKind.Function, name);
        }

        return null;
    }

    // function name(…) {   name = function (…) {   const name = (…): T => {   name: async x => {
    private int? ScriptFunction(int first, int brace)
    {
        bool arrow = brace - 2 >= first && tokens[brace - 1].In(text) is ">" && tokens[brace - 2].In(text) is "=";
        int keyword = -1;
        for (int i = first; i < brace && !arrow; i++)
        {
            if (tokens[i].In(text) is "function")
                keyword = i;
        }

        if (keyword >= 0)
        {
            int name = keyword + 1 < brace && tokens[keyword + 1].In(text) is "*" ? keyword + 2 : keyword + 1;
            if (name < brace && IsWord(name))
                return name;
        }

        int at = arrow ? brace - 3 : keyword - 1;
        if (!arrow && keyword < 0)
            return null;

        // Back over parameters and types to the "=" or ":" that gives the function its name.
        for (int i = at; i > first; i--)
        {
            if (tokens[i].Kind == TokenKind.Close && brackets.PartnerOf(i) >= first)
            {
                i = brackets.PartnerOf(i);
                continue;
            }

            if (tokens[i].In(text) is "=" or ":" && IsWord(i - 1) && (tokens[i].In(text) is "=" || i - 1 == first || tokens[i - 2].In(text) is "," or "{"))
                return i - 1;
        }

        return null;
    }

    // The opening parenthesis of the last call-like group before the brace, past what may follow a parameter list.
    private int LastCall(int first, int brace)
    {
        int call = -1;
        for (int i = first; i < brace; i++)
        {
            if (tokens[i].Kind != TokenKind.Open)
                continue;
            if (text[tokens[i].Start] == '(')
            {
                // In "A::A() : x(1) {" the first group is the parameter list; initialisers follow a colon.
                if (call >= 0 && language == Language.Cpp && Enumerable.Range(call, i - call).Any(k => tokens[k].In(text) is ":" && k > brackets.PartnerOf(call)))
                    break;
                if (call >= 0 && i > 0 && IsWord(i - 1) && tokens[i - 1].In(text) is "noexcept" or "throw" or "__attribute__" or "requires")
                    break;
                call = i;
            }

            i = Skip(i, brace);
        }

        return call;
    }

    private bool IsOnLineStart(int first, int name)
    {
        int i = name - 1;
        while (i >= first && SameLine(i, name) && (tokens[i].In(text) is "async" or "static" or "get" or "set" or "*" or "public" or "private" or "protected" or "override" or "abstract" or "readonly" or "#" or ","))
            i--;
        return i < first || !SameLine(i, name);
    }

    private int StartOf(int first, int name)
    {
        int start = first;
        if (EndsStatementsByLine)
        {
            // Earlier statements without a semicolon may stand before; the declaration starts on its own line.
            start = name;
            while (start > first && SameLine(start - 1, name))
                start--;
        }

        // Decorators, annotations and attributes on the lines before belong to it.
        while (start > first)
        {
            int line = start - 1;
            while (line > first && SameLine(line - 1, start - 1))
                line--;
            if (text[tokens[line].Start] is not ('@' or '#'))
                break;
            start = line;
        }

        return start;
    }

    private TextSpan? DocComment(int start)
    {
        int last = all.FindLastIndex(t => t.End <= start && t.Kind == TokenKind.Comment);
        if (last < 0 || !IsDirectlyBefore(all[last].End, start))
            return null;
        int first = last;
        bool block = text[all[last].Start..].StartsWith("/*", StringComparison.Ordinal);
        while (!block && first > 0 && all[first - 1].Kind == TokenKind.Comment && text[all[first - 1].Start + 1] == '/'
            && IsDirectlyBefore(all[first - 1].End, all[first].Start) && StartsLine(all[first - 1].Start))
            first--;
        if (!StartsLine(all[first].Start))
            return null; // it comments the line it stands on
        bool documents = block
            ? text.AsSpan(all[first].Start).StartsWith("/**") || language is Language.C or Language.Cpp
            : language is Language.Go or Language.C or Language.Cpp || text.AsSpan(all[first].Start).StartsWith("///");
        return documents ? new TextSpan(all[first].Start, all[last].End) : null;
    }

    private bool IsDirectlyBefore(int end, int start)
    {
        ReadOnlySpan<char> between = text.AsSpan(end, start - end);
        return between.IsWhiteSpace() && between.Count('\n') <= 1;
    }

    private bool StartsLine(int at)
    {
        while (at > 0 && text[at - 1] is ' ' or '\t')
            at--;
        return at == 0 || text[at - 1] == '\n';
    }

    private bool IsWord(int token) => tokens[token].Kind == TokenKind.Word;

    private bool SameLine(int token, int other) =>
        text.AsSpan(Math.Min(tokens[token].End, tokens[other].End), Math.Abs(tokens[other].Start - tokens[token].End)).IndexOf('\n') < 0;

    private int Skip(int open, int limit)
    {
        int close = brackets.PartnerOf(open);
        return close > open && close < limit ? close : open;
    }

    private sealed record Declaration(OutlineKind Kind, string Name, TextSpan Span, TextSpan NameSpan, TextSpan Body, TextSpan? DocComment);
}
