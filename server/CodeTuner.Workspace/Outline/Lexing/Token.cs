namespace CodeTuner.Workspace.Outline.Lexing;

/// <summary>What a <see cref="Token"/> is.</summary>
internal enum TokenKind : byte
{
    Identifier,
    Keyword,
    Number,
    String,

    /// <summary>From a template literal's opening quote to its first <c>${</c>.</summary>
    TemplateHead,

    /// <summary>From a <c>}</c> to the next <c>${</c> of the same template literal.</summary>
    TemplateMiddle,

    /// <summary>From the last <c>}</c> to the closing quote of a template literal.</summary>
    TemplateTail,
    Regex,

    /// <summary>The <c>&lt;</c> that starts an outermost JSX element.</summary>
    JsxOpen,

    /// <summary>The <c>&gt;</c> or <c>/&gt;</c> that ends an outermost JSX element.</summary>
    JsxClose,
    JsxText,
    LineComment,
    BlockComment,

    /// <summary>A whole preprocessor line, with its continuation lines.</summary>
    Directive,
    Punctuation,

    /// <summary>A character that the language has no use for.</summary>
    Unknown,
}

/// <summary>What else is known of a <see cref="Token"/>.</summary>
[Flags]
internal enum TokenFlags : byte
{
    None = 0,

    /// <summary>A line end stands between the previous token and this one.</summary>
    NewLineBefore = 1,

    /// <summary>A string, comment or regex that its end mark is missing from.</summary>
    Unclosed = 2,

    /// <summary>In a preprocessor branch that would unbalance the brackets, so it is left out of the structure.</summary>
    Inactive = 4,
}

/// <summary>One token.</summary>
/// <param name="Start">The first UTF-16 position.</param>
/// <param name="End">The position after the last.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Symbol">For punctuation: the character, or one of <see cref="Symbols"/> for longer operators. Otherwise 0.</param>
/// <param name="Flags">What else is known.</param>
internal readonly record struct Token(int Start, int End, TokenKind Kind, char Symbol, TokenFlags Flags)
{
    public bool NewLineBefore => (Flags & TokenFlags.NewLineBefore) != 0;

    public bool Unclosed => (Flags & TokenFlags.Unclosed) != 0;

    public bool Inactive => (Flags & TokenFlags.Inactive) != 0;

    public bool IsComment => Kind is TokenKind.LineComment or TokenKind.BlockComment;

    public bool Is(char symbol) => Symbol == symbol;
}

/// <summary>One character for each operator of several characters, so that a token's symbol is a single comparison.</summary>
internal static class Symbols
{
    /// <summary><c>=&gt;</c></summary>
    public const char FatArrow = 'A';

    /// <summary><c>-&gt;</c></summary>
    public const char ThinArrow = 'a';

    /// <summary><c>::</c></summary>
    public const char Path = 'P';

    /// <summary><c>==</c>, <c>===</c>, <c>!=</c>, <c>!==</c>, <c>&lt;=</c>, <c>&gt;=</c></summary>
    public const char Comparison = 'C';

    /// <summary><c>+=</c>, <c>:=</c> and the other assignments that are not a plain <c>=</c>.</summary>
    public const char CompoundAssignment = 'S';

    /// <summary><c>..</c>, <c>...</c>, <c>..=</c></summary>
    public const char Dots = 'D';

    /// <summary><c>&amp;&amp;</c>, <c>||</c>, <c>??</c></summary>
    public const char Logical = 'L';

    /// <summary><c>++</c>, <c>--</c></summary>
    public const char Step = 'I';

    /// <summary>A Rust lifetime, <c>'a</c>.</summary>
    public const char Lifetime = 'T';

    /// <summary>Reads the operator at <paramref name="position"/>: its length and symbol. Angle brackets stay single for generics.</summary>
    public static (int Length, char Symbol) Read(ReadOnlySpan<char> text, int position)
    {
        var c = text[position];
        var next = position + 1 < text.Length ? text[position + 1] : '\0';
        var third = position + 2 < text.Length ? text[position + 2] : '\0';
        switch (c)
        {
            case '=' when next == '>': return (2, FatArrow);
            case '=' or '!' when next == '=': return (third == '=' ? 3 : 2, Comparison);
            case '<' or '>' when next == '=': return (2, Comparison);
            case '-' when next == '>': return (2, ThinArrow);
            case ':' when next == ':': return (2, Path);
            case '?' when next == '.' && !char.IsAsciiDigit(third): return (2, '.');
            case '&' or '|' or '?' when next == c: return third == '=' ? (3, CompoundAssignment) : (2, Logical);
            case '+' or '-' when next == c: return (2, Step);
            case '.' when next == '.': return third is '.' or '=' ? (3, Dots) : (2, Dots);
            case '*' or '/' when next == c: return third == '=' ? (3, CompoundAssignment) : (2, c);
            case '+' or '-' or '*' or '/' or '%' or '&' or '|' or '^' or ':' or '@' when next == '=':
                return (2, CompoundAssignment);
            default: return (1, c);
        }
    }
}
