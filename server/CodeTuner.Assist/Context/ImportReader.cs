using System.Text.RegularExpressions;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Assist.Context;

/// <summary>Reads a file's imports. It looks at the text, not at a syntax tree: a file that is being written is rarely well formed.</summary>
public static partial class ImportReader
{
    // Imports stand at a file's beginning; more is not looked at.
    private const int Longest = 20_000;

    /// <summary>The imports, in the file's order.</summary>
    /// <param name="language">The file's language.</param>
    /// <param name="text">The file, or its beginning.</param>
    public static IReadOnlyList<ImportedModule> Read(Language language, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Length > Longest ? text[..Longest] : text;
        return language switch
        {
            Language.CSharp => [.. CSharpUsing().Matches(text).Concat(CSharpNamespace().Matches(text)).SelectMany(WithParents)],
            Language.TypeScript or Language.JavaScript => [.. ScriptImport().Matches(text).Concat(ScriptRequire().Matches(text)).Select(Script)],
            Language.Python => [.. PythonFrom().Matches(text).Select(PythonNames), .. PythonImport().Matches(text).SelectMany(PythonModules)],
            Language.Java => [.. JavaImport().Matches(text).Select(Java)],
            Language.Go => [.. GoImports().Matches(text).SelectMany(m => GoPath().Matches(m.Value)).Select(m => new ImportedModule(m.Groups[1].Value, []))],
            Language.Rust => [.. RustUse().Matches(text).Select(Rust)],
            Language.C or Language.Cpp => [.. Include().Matches(text).Select(m => new ImportedModule(m.Groups[1].Value, []))],
            _ => [],
        };
    }

    // Inside A.B the names of A are in sight too.
    private static IEnumerable<ImportedModule> WithParents(Match match)
    {
        string name = match.Groups[1].Value;
        yield return new ImportedModule(name, []);
        if (!match.Value.Contains("namespace", StringComparison.Ordinal))
            yield break;
        for (int dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.', dot - 1))
            yield return new ImportedModule(name[..dot], []);
    }

    private static ImportedModule Script(Match match)
    {
        string clause = match.Groups["names"].Value;
        string[] names = clause.Contains('*', StringComparison.Ordinal) ? [] : [.. Words(clause).Where(w => w is not ("as" or "type" or "typeof" or "default"))];
        return new ImportedModule(match.Groups["from"].Value, names);
    }

    private static ImportedModule PythonNames(Match match)
    {
        string clause = PythonComment().Replace(match.Groups[2].Value, "");
        return new ImportedModule(match.Groups[1].Value, clause.Contains('*', StringComparison.Ordinal) ? [] : [.. Words(clause).Where(w => w != "as")]);
    }

    private static IEnumerable<ImportedModule> PythonModules(Match match) =>
        match.Groups[1].Value.Split(',').Select(p => p.Trim().Split(' ')[0]).Where(p => p.Length > 0).Select(p => new ImportedModule(p, []));

    private static ImportedModule Java(Match match)
    {
        string[] parts = match.Groups[1].Value.Split('.');
        return parts[^1] == "*"
            ? new ImportedModule(string.Join('.', parts[..^1]), [])
            : new ImportedModule(string.Join('.', parts), [parts[^1]]);
    }

    private static ImportedModule Rust(Match match)
    {
        string path = match.Groups[1].Value.Trim();
        int group = path.IndexOf('{', StringComparison.Ordinal);
        if (group >= 0)
            return new ImportedModule(path[..group].TrimEnd(':', ' '), [.. Words(path[group..]).Where(w => w is not ("self" or "as"))]);
        string[] parts = [.. path.Split("::", StringSplitOptions.TrimEntries)];
        string last = parts[^1].Split(' ')[0];
        return new ImportedModule(string.Join("::", parts[..^1]), last == "*" ? [] : [last]);
    }

    private static IEnumerable<string> Words(string clause) => Word().Matches(clause).Select(m => m.Value).Distinct(StringComparer.Ordinal);

    [GeneratedRegex(@"[\p{L}_$][\w$]*")]
    private static partial Regex Word();

    [GeneratedRegex(@"^[ \t]*(?:global[ \t]+)?using[ \t]+(?:static[ \t]+)?(?:\w+[ \t]*=[ \t]*)?(?:global::)?([\w.]+)[ \t]*;", RegexOptions.Multiline)]
    private static partial Regex CSharpUsing();

    [GeneratedRegex(@"^[ \t]*namespace[ \t]+([\w.]+)", RegexOptions.Multiline)]
    internal static partial Regex CSharpNamespace();

    [GeneratedRegex(@"^[ \t]*(?:import|export)\b(?<names>[^'"";()]{0,1500}?)\bfrom[ \t]*['""](?<from>[^'""\n]+)['""]", RegexOptions.Multiline)]
    private static partial Regex ScriptImport();

    [GeneratedRegex(@"^[ \t]*(?:const|let|var)[ \t]+(?<names>[^=;]{1,400}?)=[ \t]*(?:await[ \t]+)?(?:require|import)\([ \t]*['""](?<from>[^'""\n]+)['""]", RegexOptions.Multiline)]
    private static partial Regex ScriptRequire();

    [GeneratedRegex(@"^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)?|[^\r\n;]*)", RegexOptions.Multiline)]
    private static partial Regex PythonFrom();

    [GeneratedRegex(@"^[ \t]*import[ \t]+([^\r\n#;]+)", RegexOptions.Multiline)]
    private static partial Regex PythonImport();

    [GeneratedRegex(@"#[^\n]*")]
    private static partial Regex PythonComment();

    [GeneratedRegex(@"^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]+(?:\.\*)?)[ \t]*;", RegexOptions.Multiline)]
    private static partial Regex JavaImport();

    [GeneratedRegex(@"^import[ \t]*(?:\([^)]*\)?|[^\r\n]*)", RegexOptions.Multiline)]
    private static partial Regex GoImports();

    [GeneratedRegex(@"""([^""\n]+)""")]
    private static partial Regex GoPath();

    [GeneratedRegex(@"^[ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?use[ \t]+([^;]{1,2000});", RegexOptions.Multiline)]
    private static partial Regex RustUse();

    [GeneratedRegex(@"^[ \t]*#[ \t]*include[ \t]*""([^""\n]+)""", RegexOptions.Multiline)]
    private static partial Regex Include();
}
