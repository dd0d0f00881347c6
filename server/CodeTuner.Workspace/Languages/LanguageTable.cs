using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace CodeTuner.Workspace.Languages;

/// <summary>
/// Which language a file is in, and what is known of each language.
/// Extensions and identifiers are those of VS Code's built-in language extensions.
/// </summary>
public static partial class LanguageTable
{
    private static readonly DocCommentStyle TripleSlash = new(DocCommentPlacement.Above, "", "/// ", "");
    private static readonly DocCommentStyle DoubleSlash = new(DocCommentPlacement.Above, "", "// ", "");
    private static readonly DocCommentStyle StarBlock = new(DocCommentPlacement.Above, "/**", " * ", " */");
    private static readonly DocCommentStyle DocString = new(DocCommentPlacement.InsideBody, "\"\"\"", "", "\"\"\"");

    /// <summary>Every language that CodeTuner reads.</summary>
    public static IReadOnlyList<LanguageInfo> All { get; } =
    [
        new(Language.CSharp, "csharp", "C#", [".cs", ".csx"], [], ["dotnet-script"], Slashes(TripleSlash)),
        new(Language.TypeScript, "typescript", "TypeScript", [".ts", ".tsx", ".mts", ".cts"], [], ["ts-node", "tsx", "deno", "bun"],
            Slashes(StarBlock)),
        new(Language.JavaScript, "javascript", "JavaScript", [".js", ".jsx", ".mjs", ".cjs", ".es6"], ["jakefile"], ["node", "nodejs"],
            Slashes(StarBlock)),
        new(Language.Python, "python", "Python", [".py", ".pyi", ".pyw", ".rpy", ".cpy", ".gyp", ".gypi"],
            ["SConstruct", "SConscript", "wscript"], ["python", "pypy"],
            new CommentSyntax("#", null, null, DocString)),
        new(Language.Java, "java", "Java", [".java", ".jav"], [], ["java", "jbang"], Slashes(StarBlock)),
        new(Language.Go, "go", "Go", [".go"], [], [], Slashes(DoubleSlash)),
        new(Language.Rust, "rust", "Rust", [".rs"], [], ["rust-script", "cargo"], Slashes(TripleSlash)),
        new(Language.C, "c", "C", [".c", ".i", ".h"], [], ["tcc"], Slashes(StarBlock)),
        new(Language.Cpp, "cpp", "C++",
            [".cpp", ".cc", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".h++", ".cppm", ".ccm", ".cxxm", ".ixx", ".inl", ".ipp", ".tpp", ".txx", ".ii",
             ".ino"],
            [], [], Slashes(StarBlock)),
    ];

    private static readonly FrozenDictionary<Language, LanguageInfo> ByLanguage = All.ToFrozenDictionary(l => l.Language);

    private static readonly FrozenDictionary<string, Language> ByExtension = All
        .SelectMany(l => l.Extensions.Select(e => (e, l.Language)))
        .ToFrozenDictionary(p => p.e, p => p.Language, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, Language> ByFileName = All
        .SelectMany(l => l.FileNames.Select(n => (n, l.Language)))
        .ToFrozenDictionary(p => p.n, p => p.Language, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Language> ByInterpreter = All
        .SelectMany(l => l.Interpreters.Select(i => (i, l.Language)))
        .ToFrozenDictionary(p => p.i, p => p.Language, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Language> ByIdentifier = All
        .Select(l => (l.Identifier, l.Language))
        .Append(("typescriptreact", Language.TypeScript))
        .Append(("javascriptreact", Language.JavaScript))
        .ToFrozenDictionary(p => p.Item1, p => p.Item2, StringComparer.Ordinal);

    /// <summary>What is known of a language.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="language"/> is <see cref="Language.Unknown"/>.</exception>
    public static LanguageInfo Info(this Language language) =>
        ByLanguage.TryGetValue(language, out LanguageInfo? info)
            ? info
            : throw new ArgumentOutOfRangeException(nameof(language), language, "The language table has no row for this language.");

    /// <summary>The language of a VS Code language identifier, or <see cref="Language.Unknown"/>.</summary>
    public static Language FromIdentifier(string identifier) => ByIdentifier.GetValueOrDefault(identifier, Language.Unknown);

    /// <summary>
    /// The language of a file: by its name, or else by the interpreter that a <c>#!</c> line names.
    /// A <c>.h</c> file is C++ where its text has something that only C++ has, and C otherwise.
    /// </summary>
    /// <param name="path">A path with either kind of slash, or a bare file name.</param>
    /// <param name="text">The file's text or its first line, where known.</param>
    public static Language Of(string path, ReadOnlySpan<char> text = default)
    {
        string name = FileName(path);
        string extension = Path.GetExtension(name);
        if (!ByFileName.TryGetValue(name, out Language language) && !ByExtension.TryGetValue(extension, out language))
            return extension.Length == 0 ? FromShebang(text) : Language.Unknown;
        bool header = extension.Equals(".h", StringComparison.OrdinalIgnoreCase);
        return header && CppOnly().IsMatch(text) ? Language.Cpp : language;
    }

    /// <summary>The language's name for people.</summary>
    public static string DisplayName(this Language language) => language == Language.Unknown ? "other" : language.Info().DisplayName;

    /// <summary>The language's identifier in VS Code and LSP; the one without JSX where there are two.</summary>
    public static string Identifier(this Language language) => language == Language.Unknown ? "plaintext" : language.Info().Identifier;

    /// <summary>The identifier of a file in VS Code and LSP: that of its language, or of its language with JSX.</summary>
    /// <param name="path">A path with either kind of slash, or a bare file name.</param>
    /// <param name="language">The language that was found for the file.</param>
    public static string IdentifierOf(string path, Language language) => (language, Path.GetExtension(path).ToLowerInvariant()) switch
    {
        (Language.TypeScript, ".tsx") => "typescriptreact",
        (Language.JavaScript, ".jsx") => "javascriptreact",
        _ => language.Identifier(),
    };

    /// <summary>Whether blocks are indented rather than braced.</summary>
    public static bool UsesIndentation(this Language language) => language == Language.Python;

    private static Language FromShebang(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("#!")) return Language.Unknown;
        int end = text.IndexOfAny('\r', '\n');
        string[] words = text[2..(end < 0 ? text.Length : end)].ToString().Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        string program = words.Length == 0 ? "" : FileName(words[0]);
        // "env" runs the first word after its own options and variable settings.
        if (program == "env") program = FileName(words.Skip(1).FirstOrDefault(w => w[0] != '-' && !w.Contains('=')) ?? "");
        // python3.12 is python.
        return ByInterpreter.GetValueOrDefault(program.TrimEnd("0123456789.".ToCharArray()), Language.Unknown);
    }

    private static string FileName(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];

    private static CommentSyntax Slashes(DocCommentStyle doc) => new("//", "/*", "*/", doc);

    [GeneratedRegex(@"^[ \t]*(?:class\s+\w+|namespace\b|template\s*<|(?:public|private|protected)\s*:|using\s+\w)|\bstd::|#\s*include\s*<(?:iostream|string|vector|memory|map|utility|functional|cstd\w+)>", RegexOptions.Multiline)]
    private static partial Regex CppOnly();
}
