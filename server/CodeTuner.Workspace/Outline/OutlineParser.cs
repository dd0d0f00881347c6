using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline.Declarations;
using CodeTuner.Workspace.Outline.Lexing;

namespace CodeTuner.Workspace.Outline;

/// <summary>
/// Finds the functions and types of a document without compiling it. C# goes through Roslyn's syntax tree, the other languages
/// through one lexical reading. Any text is taken: broken code gives the declarations that can still be told.
/// </summary>
public static class OutlineParser
{
    /// <summary>Reads the outline of <paramref name="text"/>.</summary>
    /// <param name="language">The language; <see cref="Language.Unknown"/> gives an empty outline.</param>
    /// <param name="text">The whole document.</param>
    /// <returns>
    /// The outermost declarations in the document's order (namespaces and modules are looked through). Every span lies inside the
    /// text, children lie inside their parents, and siblings do not overlap. Declarations nested deeper than 64 are left out.
    /// </returns>
    public static IReadOnlyList<OutlineNode> Parse(Language language, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return language switch
        {
            Language.Unknown => [],
            Language.CSharp => CSharpOutline.Parse(text),
            Language.Python => PythonOutline.Parse(LexedText.Of(language, text)),
            _ => new BraceOutline(LexedText.Of(language, text)).Parse(),
        };
    }
}
