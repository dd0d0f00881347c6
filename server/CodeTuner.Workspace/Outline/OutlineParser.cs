using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Outline;

/// <summary>Finds the functions, types and doc comments of a document, however broken its code is.</summary>
public static class OutlineParser
{
    /// <summary>The declarations at the top, each with what is inside it; empty for a language that is not known.</summary>
    public static IReadOnlyList<OutlineNode> Parse(Language language, string text) => language switch
    {
        Language.Unknown => [],
        Language.CSharp => CSharpOutline.Parse(text),
        Language.Python => PythonOutline.Parse(text),
        _ => BraceOutline.Parse(language, text),
    };
}
