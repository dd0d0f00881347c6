using CodeTuner.Workspace.Languages;
using CodeTuner.Workspace.Outline.Declarations;
using CodeTuner.Workspace.Outline.Lexing;
using Microsoft.CodeAnalysis;

namespace CodeTuner.Workspace.Outline;

/// <summary>
/// Tells whether a document is well formed. For C# this is Roslyn's parser. For the others it is a lexical check: brackets match,
/// strings, comments and JSX elements are closed, no character is out of place, no assignment lacks its value; for Python also
/// that suites are indented as their headers ask. So a document that passes may still be rejected by its compiler.
/// </summary>
public static class SyntaxCheck
{
    private const string ErrorDirective = "CS1029";

    /// <summary>Whether <paramref name="text"/> is well formed; an unknown language is held to matching brackets.</summary>
    public static bool IsValid(Language language, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (language == Language.CSharp)
        {
            return CSharpSource.Read(
                text,
                tree => !tree.GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error && d.Id != ErrorDirective),
                otherwise: false);
        }

        var lexed = LexedText.Of(language, text);
        if (!lexed.Balanced || !lexed.AllClosed)
            return false;
        for (var i = 0; i < lexed.Code.Length; i++)
        {
            // A backslash outside strings is left to Rust's and C's macros.
            if (lexed.Code[i].Kind == TokenKind.Unknown && !lexed.Code[i].Is('\\'))
                return false;
            if (lexed.Code[i].Is('=') && lexed.Symbol(i + 1) == ';' && !lexed.IsWord(i - 1, "operator"))
                return false;
        }

        return language != Language.Python || IsIndented(lexed);
    }

    private static bool IsIndented(LexedText lexed)
    {
        var lines = LogicalLines.Of(lexed);
        var levels = new Stack<int>();
        levels.Push(0);
        var suiteExpected = false;
        foreach (var line in lines)
        {
            if (suiteExpected)
            {
                if (line.Indentation <= levels.Peek())
                    return false;
                levels.Push(line.Indentation);
            }
            else
            {
                while (line.Indentation < levels.Peek())
                    levels.Pop();
                if (line.Indentation != levels.Peek())
                    return false;
            }

            var compound = IsCompound(lexed, line.First);
            suiteExpected = lexed.Symbol(line.Last) == ':';
            if (compound && PythonOutline.HeaderColon(lexed, line.First + 1, line.Last) < 0)
                return false;
            if (suiteExpected && !compound && lexed.Word(line.First) is not ("match" or "case"))
                return false;
            if (LogicalLines.IsOperator(lexed.Code[line.Last]) && !IsStarImport(lexed, line))
                return false;
        }

        return !suiteExpected;
    }

    private static bool IsStarImport(LexedText lexed, LogicalLine line) =>
        lexed.Symbol(line.Last) == '*' && lexed.IsWord(line.Last - 1, "import");

    private static bool IsCompound(LexedText lexed, int token)
    {
        if (!lexed.IsKeyword(token))
            return false;
        if (lexed.IsWord(token, "async"))
            token++;
        return lexed.Word(token) is "def" or "class" or "if" or "elif" or "else" or "for" or "while" or "try" or "except" or "finally" or "with";
    }
}
