using System.Collections.Frozen;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Outline.Lexing;

/// <summary>The lexical facts in which the languages differ.</summary>
internal sealed class LanguageSyntax
{
    private static readonly FrozenDictionary<Language, LanguageSyntax> Table = Build();

    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> keywords;

    private LanguageSyntax(string keywords)
    {
        var words = keywords.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
        this.keywords = words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether comments start with <c>#</c> rather than <c>//</c> and <c>/*</c>.</summary>
    public bool HashComments { get; private init; }

    /// <summary>Whether a block comment may hold others.</summary>
    public bool NestedComments { get; private init; }

    /// <summary>Whether a line that starts with <c>#</c> is for the preprocessor.</summary>
    public bool Preprocessor { get; private init; }

    /// <summary>Whether a dollar sign is a letter.</summary>
    public bool DollarInNames { get; private init; }

    /// <summary>Whether a plain string may run over line ends.</summary>
    public bool MultiLineStrings { get; private init; }

    /// <summary>Whether three quotes open a string that runs over lines.</summary>
    public bool TripleQuotes { get; private init; }

    /// <summary>Whether template literals, regular expressions and JSX may appear.</summary>
    public bool Script { get; private init; }

    /// <summary>Whether <c>//</c> and <c>/* */</c> directly above a declaration document it.</summary>
    public bool PlainCommentsDocument { get; private init; }

    /// <summary>The facts of <paramref name="language"/>; an unknown language is read as C-like without keywords.</summary>
    public static LanguageSyntax Of(Language language) => Table[language];

    public bool IsKeyword(ReadOnlySpan<char> word) => keywords.Contains(word);

    private static FrozenDictionary<Language, LanguageSyntax> Build()
    {
        const string script =
            "await break case catch class const continue debugger default delete do else enum export extends false finally for " +
            "function if import in instanceof let new null return super switch this throw true try typeof var void while with yield";
        const string c =
            "auto break case char const continue default do double else enum extern float for goto if inline int long register " +
            "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while bool true false " +
            "nullptr _Bool _Static_assert static_assert alignas alignof thread_local constexpr";
        return new Dictionary<Language, LanguageSyntax>
        {
            [Language.Unknown] = new(""),
            [Language.CSharp] = new("var") { Preprocessor = true },
            [Language.TypeScript] = new(script) { DollarInNames = true, Script = true },
            [Language.JavaScript] = new(script) { DollarInNames = true, Script = true },
            [Language.Python] = new(
                "False None True and as assert async await break class continue def del elif else except finally for from global " +
                "if import in is lambda nonlocal not or pass raise return try while with yield")
            {
                HashComments = true,
                TripleQuotes = true,
            },
            [Language.Java] = new(
                "abstract assert boolean break byte case catch char class const continue default do double else enum extends false " +
                "final finally float for goto if implements import instanceof int interface long native new null package private " +
                "protected public return short static strictfp super switch synchronized this throw throws transient true try var " +
                "void volatile while")
            {
                DollarInNames = true,
                TripleQuotes = true,
            },
            [Language.Go] = new(
                "break case chan const continue default defer else fallthrough false for func go goto if import interface map nil " +
                "package range return select struct switch true type var")
            {
                PlainCommentsDocument = true,
            },
            [Language.Rust] = new(
                "Self as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod " +
                "move mut pub ref return self static struct super trait true type unsafe use where while")
            {
                NestedComments = true,
                MultiLineStrings = true,
            },
            [Language.C] = new(c) { Preprocessor = true, PlainCommentsDocument = true },
            [Language.Cpp] = new(
                c + " catch class co_await co_return co_yield concept const_cast consteval constinit decltype delete dynamic_cast " +
                "explicit export friend mutable namespace new noexcept operator private protected public reinterpret_cast requires " +
                "static_cast template this throw try typeid typename using virtual wchar_t char8_t char16_t char32_t")
            {
                Preprocessor = true,
                PlainCommentsDocument = true,
            },
        }.ToFrozenDictionary();
    }
}
