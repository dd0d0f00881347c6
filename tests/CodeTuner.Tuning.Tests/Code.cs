using System.Text;
using CodeTuner.Models;
using CodeTuner.Tuning.Datasets;
using CodeTuner.Workspace;
using CodeTuner.Workspace.Languages;

namespace CodeTuner.Tuning.Tests;

/// <summary>Made-up source files, each unlike the others; the same seed gives the same.</summary>
internal static class Code
{
    private static readonly string[] Nouns =
        ["invoice", "parser", "window", "ledger", "socket", "matrix", "header", "branch", "cursor", "buffer", "planet", "ticket", "signal", "folder", "recipe", "vector"];

    private static readonly string[] Verbs =
        ["Load", "Merge", "Close", "Count", "Render", "Resolve", "Flush", "Reset", "Select", "Verify", "Attach", "Split", "Encode", "Report", "Rotate", "Trim"];

    public static SourceDocument Document(string path, string text) => new(path, LanguageTable.Of(path), text, "");

    public static TrainingDocument Training(string path, string text) => new(path, LanguageTable.Of(path), text, []);

    /// <summary>A C# class of methods of five lines each, and a blank line between them.</summary>
    public static string Class(ulong seed, int methods = 8)
    {
        StringBuilder text = new();
        text.Append("namespace Sample;\n\npublic class ").Append(Name(seed, 0)).Append("\n{\n");
        for (int i = 0; i < methods; i++)
            text.Append(Method(seed, i)).Append(i + 1 < methods ? "\n" : "");
        return text.Append("}\n").ToString();
    }

    public static string Method(ulong seed, int index)
    {
        RandomSequence random = new(RandomSequence.Combine(seed, (ulong)index + 1));
        string Word() => Nouns[random.NextInt(Nouns.Length)] + (char)('A' + random.NextInt(26)) + random.NextInt(1000);
        string a = Word(), b = Word(), c = Word();
        return $$"""
                public int {{Name(seed, index + 1)}}(int {{a}}, int {{b}})
                {
                    int {{c}} = {{a}} * {{random.NextInt(90)}} + {{Word()}}({{b}});
                    return {{c}} - {{Word()}}.{{Word()}};
                }

            """.Replace("\r", "", StringComparison.Ordinal);
    }

    private static string Name(ulong seed, int index)
    {
        RandomSequence random = new(RandomSequence.Combine(seed, (ulong)index + 1000));
        return Verbs[random.NextInt(Verbs.Length)] + Nouns[random.NextInt(Nouns.Length)] + seed + "x" + index;
    }
}
