using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Outline.Lexing;

/// <summary>A text's tokens with its brackets matched: what every lexical reading of a document starts from.</summary>
internal sealed class LexedText
{
    private LexedText(Language language, string text, List<Token> all)
    {
        Language = language;
        Text = text;
        All = all;
        var code = new List<Token>(all.Count);
        var places = new List<int>(all.Count);
        for (var i = 0; i < all.Count; i++)
        {
            var token = all[i];
            if (token.Unclosed && !token.Inactive)
                AllClosed = false;
            if (token.IsComment || token.Inactive || token.Kind == TokenKind.Directive)
                continue;
            code.Add(token);
            places.Add(i);
        }

        Code = code.ToArray();
        Places = places.ToArray();
        Match = new int[Code.Length];
        Array.Fill(Match, -1);
        MatchBrackets();
    }

    public Language Language { get; }

    public string Text { get; }

    /// <summary>Every token.</summary>
    public IReadOnlyList<Token> All { get; }

    /// <summary>The tokens without comments, directives and inactive branches.</summary>
    public Token[] Code { get; }

    /// <summary>For each of <see cref="Code"/>, its index in <see cref="All"/>.</summary>
    public int[] Places { get; }

    /// <summary>For each bracket of <see cref="Code"/>, the index of its partner; -1 for the others and where it is missing.</summary>
    public int[] Match { get; }

    /// <summary>Whether every bracket has its partner.</summary>
    public bool Balanced { get; private set; } = true;

    /// <summary>Whether every string and comment has its end.</summary>
    public bool AllClosed { get; } = true;

    public static LexedText Of(Language language, string text) =>
        new(language, text, language == Language.CSharp ? CSharpLexer.Run(text) : Lexer.Run(language, text));

    /// <summary>The text of the code token at <paramref name="index"/>; empty outside.</summary>
    public ReadOnlySpan<char> Word(int index) =>
        (uint)index < (uint)Code.Length ? Text.AsSpan(Code[index].Start, Code[index].End - Code[index].Start) : default;

    public bool IsWord(int index, string word) => Word(index).SequenceEqual(word);

    /// <summary>The symbol of the code token at <paramref name="index"/>; 0 outside and for other tokens.</summary>
    public char Symbol(int index) => (uint)index < (uint)Code.Length ? Code[index].Symbol : '\0';

    public bool IsName(int index) => (uint)index < (uint)Code.Length && Code[index].Kind == TokenKind.Identifier;

    public bool IsKeyword(int index) => (uint)index < (uint)Code.Length && Code[index].Kind == TokenKind.Keyword;

    public bool NewLineBefore(int index) => (uint)index < (uint)Code.Length && Code[index].NewLineBefore;

    public static bool Opens(in Token token) =>
        token.Symbol is '(' or '[' or '{' || token.Kind is TokenKind.TemplateHead or TokenKind.JsxOpen;

    public static bool Closes(in Token token) =>
        token.Symbol is ')' or ']' or '}' || token.Kind is TokenKind.TemplateTail or TokenKind.JsxClose;

    private static char OpeningOf(in Token closing) => closing.Kind switch
    {
        TokenKind.TemplateTail or TokenKind.TemplateMiddle => '`',
        TokenKind.JsxClose => '<',
        _ => closing.Symbol switch { ')' => '(', ']' => '[', _ => '{' },
    };

    /// <summary>
    /// Matches with one stack. A closing brace gives up round and square brackets left open inside it, but those never give up a
    /// brace, so a stray parenthesis in one function does not spoil the next. What is open is counted for each level of braces,
    /// so that no search through the stack is needed to know whether a partner is there.
    /// </summary>
    private void MatchBrackets()
    {
        var open = new List<(char Kind, int Index, int Round, int Square)>();
        int round = 0, square = 0, braces = 0, templates = 0, elements = 0;
        for (var i = 0; i < Code.Length; i++)
        {
            ref readonly var token = ref Code[i];
            if (Opens(token))
            {
                var kind = token.Kind switch { TokenKind.TemplateHead => '`', TokenKind.JsxOpen => '<', _ => token.Symbol };
                open.Add((kind, i, round, square));
                if (kind == '(')
                    round++;
                else if (kind == '[')
                    square++;
                else
                    (round, square) = (0, 0);
                Count(kind, 1);
            }
            else if (token.Kind == TokenKind.TemplateMiddle || Closes(token))
            {
                var kind = OpeningOf(token);
                var there = kind switch { '(' => round > 0, '[' => square > 0, '{' => braces > 0, '`' => templates > 0, _ => elements > 0 };
                if (!there)
                {
                    Balanced = false;
                    continue;
                }

                while (open[^1].Kind != kind)
                {
                    Balanced = false;
                    Pop(open);
                }

                if (token.Kind == TokenKind.TemplateMiddle)
                {
                    (round, square) = (0, 0);
                    continue;
                }

                var partner = open[^1].Index;
                Pop(open);
                Match[partner] = i;
                Match[i] = partner;
            }
        }

        if (open.Count > 0)
            Balanced = false;

        void Pop(List<(char Kind, int Index, int Round, int Square)> stack)
        {
            var last = stack[^1];
            stack.RemoveAt(stack.Count - 1);
            (round, square) = (last.Round, last.Square);
            Count(last.Kind, -1);
        }

        void Count(char kind, int change)
        {
            braces += kind == '{' ? change : 0;
            templates += kind == '`' ? change : 0;
            elements += kind == '<' ? change : 0;
        }
    }
}
