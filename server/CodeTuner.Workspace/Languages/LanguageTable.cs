namespace CodeTuner.Workspace.Languages;

/// <summary>How files are told apart by language.</summary>
public static class LanguageTable
{
    private static readonly Dictionary<string, Language> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".cs"] = Language.CSharp, [".csx"] = Language.CSharp,
        [".ts"] = Language.TypeScript, [".tsx"] = Language.TypeScript, [".mts"] = Language.TypeScript, [".cts"] = Language.TypeScript,
        [".js"] = Language.JavaScript, [".jsx"] = Language.JavaScript, [".mjs"] = Language.JavaScript, [".cjs"] = Language.JavaScript,
        [".py"] = Language.Python, [".pyi"] = Language.Python, [".pyw"] = Language.Python,
        [".java"] = Language.Java,
        [".go"] = Language.Go,
        [".rs"] = Language.Rust,
        [".c"] = Language.C, [".h"] = Language.C,
        [".cc"] = Language.Cpp, [".cpp"] = Language.Cpp, [".cxx"] = Language.Cpp, [".hh"] = Language.Cpp, [".hpp"] = Language.Cpp, [".hxx"] = Language.Cpp,
        [".inl"] = Language.Cpp, [".ipp"] = Language.Cpp,
    };

    /// <summary>The language of a file, by its extension, or else by the interpreter its first line names.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="firstLine">Its first line, where known.</param>
    public static Language Of(string path, string? firstLine = null)
    {
        if (ByExtension.TryGetValue(Path.GetExtension(path), out Language language))
            return language;
        if (firstLine is null || !firstLine.StartsWith("#!", StringComparison.Ordinal))
            return Language.Unknown;
        string interpreter = firstLine.Split('/', ' ')[^1];
        return interpreter.StartsWith("python", StringComparison.Ordinal) ? Language.Python
            : interpreter is "node" or "deno" or "bun" ? Language.JavaScript
            : Language.Unknown;
    }

    /// <summary>The language's name for people.</summary>
    public static string DisplayName(this Language language) => language switch
    {
        Language.CSharp => "C#",
        Language.Cpp => "C++",
        Language.Unknown => "other",
        _ => language.ToString(),
    };

    /// <summary>The language's identifier in VS Code and LSP.</summary>
    public static string Identifier(this Language language) => language switch
    {
        Language.Unknown => "plaintext",
        _ => language.ToString().ToLowerInvariant(),
    };

    /// <summary>Whether blocks are indented rather than braced.</summary>
    public static bool UsesIndentation(this Language language) => language == Language.Python;
}
