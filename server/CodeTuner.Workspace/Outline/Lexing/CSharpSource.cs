using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CodeTuner.Workspace.Outline.Lexing;

/// <summary>
/// Parses C# with Roslyn so that no text can bring the process down. Roslyn's parser is recursive, and not all of it watches its
/// stack: ten thousand opening parentheses end the process. So a text that nests absurdly deep is not given to it, and the others
/// are parsed on a thread with room to spare.
/// </summary>
internal static class CSharpSource
{
    /// <summary>How C# is read everywhere: newest syntax, doc comments as plain comments.</summary>
    public static readonly CSharpParseOptions Options =
        new(LanguageVersion.Preview, DocumentationMode.None, SourceCodeKind.Regular);

    private const int DeepestNesting = 400;
    private const int StackSize = 64 << 20;

    /// <summary>Gives what <paramref name="read"/> makes of the syntax tree, or <paramref name="otherwise"/> for a text that nests too deep.</summary>
    public static T Read<T>(string text, Func<SyntaxTree, T> read, T otherwise)
    {
        if (NestsTooDeep(text))
            return otherwise;
        var result = otherwise;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = read(CSharpSyntaxTree.ParseText(text, Options));
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            StackSize)
        {
            IsBackground = true,
            Name = "C# parser",
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>Whether brackets, those in strings and comments too, nest deeper than any code that people write.</summary>
    public static bool NestsTooDeep(string text)
    {
        int depth = 0, angles = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '(' or '[' or '{':
                    if (++depth > DeepestNesting)
                        return true;
                    break;
                case ')' or ']' or '}':
                    depth = Math.Max(0, depth - 1);
                    break;
                case '<' when i > 0 && char.IsLetterOrDigit(text[i - 1]):
                    if (++angles > DeepestNesting)
                        return true;
                    break;
                case '>' or ';':
                    angles = text[i] == ';' ? 0 : Math.Max(0, angles - 1);
                    break;
            }
        }

        return false;
    }
}
