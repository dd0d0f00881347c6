using System.Collections.Frozen;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Lexing;

/// <summary>The reserved words of the languages.</summary>
public static class Keywords
{
    private const string CFamily =
        "break case char const continue default do double else enum extern float for goto if inline int long register return short signed sizeof static struct switch typedef union unsigned void volatile while bool true false NULL";

    private const string Script =
        "async await break case catch class const continue debugger default delete do else export extends false finally for from function get if import in instanceof let new null of return set static super switch this throw true try typeof undefined var void while with yield";

    private static readonly Dictionary<Language, FrozenSet<string>> Of = new()
    {
        [Language.C] = Set(CFamily),
        [Language.Cpp] = Set(CFamily + " auto catch class constexpr const_cast decltype delete dynamic_cast explicit final friend mutable namespace new noexcept nullptr operator override private protected public reinterpret_cast static_cast template this throw try typename using virtual"),
        [Language.CSharp] = Set("abstract as async await base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach get if implicit in init int interface internal is lock long namespace new null object operator out override params private protected public readonly record ref required return sbyte sealed set short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using var virtual void volatile when where while with yield"),
        [Language.JavaScript] = Set(Script),
        [Language.TypeScript] = Set(Script + " abstract any as asserts bigint boolean declare enum implements infer interface is keyof module namespace never number object override private protected public readonly require satisfies string symbol type unique unknown"),
        [Language.Python] = Set("False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return self try while with yield"),
        [Language.Java] = Set("abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally float for goto if implements import instanceof int interface long native new null package private protected public record return sealed short static strictfp super switch synchronized this throw throws transient true false try var void volatile while yield"),
        [Language.Go] = Set("any bool break byte case chan const continue default defer else error fallthrough false float32 float64 for func go goto if import int int32 int64 interface make map nil package range return rune select string struct switch true type uint uint8 var"),
        [Language.Rust] = Set("Self as async await bool break const continue crate dyn else enum extern false fn for i32 i64 if impl in let loop match mod move mut pub ref return self static str struct super trait true type u8 u32 u64 unsafe use usize where while"),
    };

    /// <summary>Whether a word is reserved in a language (words that every program uses as if they were count too).</summary>
    public static bool Contains(Language language, ReadOnlySpan<char> word) =>
        Of.TryGetValue(language, out FrozenSet<string>? words) && words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
